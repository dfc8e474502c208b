from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StartCallRequest(_message.Message):
    __slots__ = ("call_id", "plan", "limits", "device", "personal_data_key", "actor", "correlation_id", "ring_early", "accept_callback", "record_conversation")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_DATA_KEY_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    RING_EARLY_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_CALLBACK_FIELD_NUMBER: _ClassVar[int]
    RECORD_CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    plan: Plan
    limits: Limits
    device: str
    personal_data_key: bytes
    actor: str
    correlation_id: str
    ring_early: bool
    accept_callback: bool
    record_conversation: bool
    def __init__(self, call_id: _Optional[str] = ..., plan: _Optional[_Union[Plan, _Mapping]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., device: _Optional[str] = ..., personal_data_key: _Optional[bytes] = ..., actor: _Optional[str] = ..., correlation_id: _Optional[str] = ..., ring_early: bool = ..., accept_callback: bool = ..., record_conversation: bool = ...) -> None: ...

class Plan(_message.Message):
    __slots__ = ("explore", "follow")
    EXPLORE_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_FIELD_NUMBER: _ClassVar[int]
    explore: Explore
    follow: Follow
    def __init__(self, explore: _Optional[_Union[Explore, _Mapping]] = ..., follow: _Optional[_Union[Follow, _Mapping]] = ...) -> None: ...

class Explore(_message.Message):
    __slots__ = ("phone_number", "intent", "company", "language", "known_flow")
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    INTENT_FIELD_NUMBER: _ClassVar[int]
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FLOW_FIELD_NUMBER: _ClassVar[int]
    phone_number: str
    intent: str
    company: str
    language: str
    known_flow: CallFlow
    def __init__(self, phone_number: _Optional[str] = ..., intent: _Optional[str] = ..., company: _Optional[str] = ..., language: _Optional[str] = ..., known_flow: _Optional[_Union[CallFlow, _Mapping]] = ...) -> None: ...

class Follow(_message.Message):
    __slots__ = ("flow", "intent", "audio_files")
    class AudioFilesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: bytes
        def __init__(self, key: _Optional[str] = ..., value: _Optional[bytes] = ...) -> None: ...
    FLOW_FIELD_NUMBER: _ClassVar[int]
    INTENT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FILES_FIELD_NUMBER: _ClassVar[int]
    flow: CallFlow
    intent: str
    audio_files: _containers.ScalarMap[str, bytes]
    def __init__(self, flow: _Optional[_Union[CallFlow, _Mapping]] = ..., intent: _Optional[str] = ..., audio_files: _Optional[_Mapping[str, bytes]] = ...) -> None: ...

class CallFlow(_message.Message):
    __slots__ = ("id", "name", "company", "phone_number", "description", "steps", "version")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    company: str
    phone_number: str
    description: str
    steps: _containers.RepeatedCompositeFieldContainer[CallFlowStep]
    version: int
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., company: _Optional[str] = ..., phone_number: _Optional[str] = ..., description: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[CallFlowStep, _Mapping]]] = ..., version: _Optional[int] = ...) -> None: ...

class CallFlowStep(_message.Message):
    __slots__ = ("id", "type", "description", "dtmf", "timeout_s", "next_step", "conditions", "metadata_json")
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DTMF_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_S_FIELD_NUMBER: _ClassVar[int]
    NEXT_STEP_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    METADATA_JSON_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: str
    description: str
    dtmf: str
    timeout_s: float
    next_step: str
    conditions: _containers.RepeatedCompositeFieldContainer[Condition]
    metadata_json: bytes
    def __init__(self, id: _Optional[str] = ..., type: _Optional[str] = ..., description: _Optional[str] = ..., dtmf: _Optional[str] = ..., timeout_s: _Optional[float] = ..., next_step: _Optional[str] = ..., conditions: _Optional[_Iterable[_Union[Condition, _Mapping]]] = ..., metadata_json: _Optional[bytes] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("predicate", "step_id")
    PREDICATE_FIELD_NUMBER: _ClassVar[int]
    STEP_ID_FIELD_NUMBER: _ClassVar[int]
    predicate: str
    step_id: str
    def __init__(self, predicate: _Optional[str] = ..., step_id: _Optional[str] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("max_call_s", "max_menu_s", "max_hold_s", "max_presses", "max_menus")
    MAX_CALL_S_FIELD_NUMBER: _ClassVar[int]
    MAX_MENU_S_FIELD_NUMBER: _ClassVar[int]
    MAX_HOLD_S_FIELD_NUMBER: _ClassVar[int]
    MAX_PRESSES_FIELD_NUMBER: _ClassVar[int]
    MAX_MENUS_FIELD_NUMBER: _ClassVar[int]
    max_call_s: int
    max_menu_s: int
    max_hold_s: int
    max_presses: int
    max_menus: int
    def __init__(self, max_call_s: _Optional[int] = ..., max_menu_s: _Optional[int] = ..., max_hold_s: _Optional[int] = ..., max_presses: _Optional[int] = ..., max_menus: _Optional[int] = ...) -> None: ...

class Call(_message.Message):
    __slots__ = ("call_id", "state", "mode", "phone_number", "flow_id", "last_ordinal", "outcome", "reason", "started_at", "ended_at", "engine", "stored_ordinal")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    LAST_ORDINAL_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    STORED_ORDINAL_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    state: str
    mode: str
    phone_number: str
    flow_id: str
    last_ordinal: int
    outcome: str
    reason: str
    started_at: str
    ended_at: str
    engine: str
    stored_ordinal: int
    def __init__(self, call_id: _Optional[str] = ..., state: _Optional[str] = ..., mode: _Optional[str] = ..., phone_number: _Optional[str] = ..., flow_id: _Optional[str] = ..., last_ordinal: _Optional[int] = ..., outcome: _Optional[str] = ..., reason: _Optional[str] = ..., started_at: _Optional[str] = ..., ended_at: _Optional[str] = ..., engine: _Optional[str] = ..., stored_ordinal: _Optional[int] = ...) -> None: ...

class CallEvent(_message.Message):
    __slots__ = ("ordinal", "type", "body_json", "metadata_json")
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    BODY_JSON_FIELD_NUMBER: _ClassVar[int]
    METADATA_JSON_FIELD_NUMBER: _ClassVar[int]
    ordinal: int
    type: str
    body_json: bytes
    metadata_json: bytes
    def __init__(self, ordinal: _Optional[int] = ..., type: _Optional[str] = ..., body_json: _Optional[bytes] = ..., metadata_json: _Optional[bytes] = ...) -> None: ...

class Meter(_message.Message):
    __slots__ = ("at_ms", "level_dbm0", "label", "human_posterior")
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    LEVEL_DBM0_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    HUMAN_POSTERIOR_FIELD_NUMBER: _ClassVar[int]
    at_ms: int
    level_dbm0: float
    label: str
    human_posterior: float
    def __init__(self, at_ms: _Optional[int] = ..., level_dbm0: _Optional[float] = ..., label: _Optional[str] = ..., human_posterior: _Optional[float] = ...) -> None: ...

class StartCallResponse(_message.Message):
    __slots__ = ("call",)
    CALL_FIELD_NUMBER: _ClassVar[int]
    call: Call
    def __init__(self, call: _Optional[_Union[Call, _Mapping]] = ...) -> None: ...

class WatchCallRequest(_message.Message):
    __slots__ = ("call_id", "from_ordinal", "meters")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_ORDINAL_FIELD_NUMBER: _ClassVar[int]
    METERS_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    from_ordinal: int
    meters: bool
    def __init__(self, call_id: _Optional[str] = ..., from_ordinal: _Optional[int] = ..., meters: bool = ...) -> None: ...

class WatchCallResponse(_message.Message):
    __slots__ = ("event", "meter")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    METER_FIELD_NUMBER: _ClassVar[int]
    event: CallEvent
    meter: Meter
    def __init__(self, event: _Optional[_Union[CallEvent, _Mapping]] = ..., meter: _Optional[_Union[Meter, _Mapping]] = ...) -> None: ...

class GetCallRequest(_message.Message):
    __slots__ = ("call_id",)
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    def __init__(self, call_id: _Optional[str] = ...) -> None: ...

class GetCallResponse(_message.Message):
    __slots__ = ("call",)
    CALL_FIELD_NUMBER: _ClassVar[int]
    call: Call
    def __init__(self, call: _Optional[_Union[Call, _Mapping]] = ...) -> None: ...

class ListCallsRequest(_message.Message):
    __slots__ = ("include_ended",)
    INCLUDE_ENDED_FIELD_NUMBER: _ClassVar[int]
    include_ended: bool
    def __init__(self, include_ended: bool = ...) -> None: ...

class ListCallsResponse(_message.Message):
    __slots__ = ("calls",)
    CALLS_FIELD_NUMBER: _ClassVar[int]
    calls: _containers.RepeatedCompositeFieldContainer[Call]
    def __init__(self, calls: _Optional[_Iterable[_Union[Call, _Mapping]]] = ...) -> None: ...

class EndCallRequest(_message.Message):
    __slots__ = ("call_id", "reason", "actor")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    reason: str
    actor: str
    def __init__(self, call_id: _Optional[str] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class EndCallResponse(_message.Message):
    __slots__ = ("call",)
    CALL_FIELD_NUMBER: _ClassVar[int]
    call: Call
    def __init__(self, call: _Optional[_Union[Call, _Mapping]] = ...) -> None: ...

class SendDigitsRequest(_message.Message):
    __slots__ = ("call_id", "digits", "actor")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    digits: str
    actor: str
    def __init__(self, call_id: _Optional[str] = ..., digits: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class SendDigitsResponse(_message.Message):
    __slots__ = ("call",)
    CALL_FIELD_NUMBER: _ClassVar[int]
    call: Call
    def __init__(self, call: _Optional[_Union[Call, _Mapping]] = ...) -> None: ...

class TransferNowRequest(_message.Message):
    __slots__ = ("call_id", "device", "actor")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    device: str
    actor: str
    def __init__(self, call_id: _Optional[str] = ..., device: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class TransferNowResponse(_message.Message):
    __slots__ = ("call",)
    CALL_FIELD_NUMBER: _ClassVar[int]
    call: Call
    def __init__(self, call: _Optional[_Union[Call, _Mapping]] = ...) -> None: ...
