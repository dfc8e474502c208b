"""Phone lines. Each call has a process of its own on PJSIP, so that a crash of one line ends one call and nothing else.

In the engine: ``client`` (a line), ``pool`` (lines kept warm), ``trunk`` (the registration), ``farewell`` (ends what a dead line left),
``ring_reader`` (the frames heard). In the line process: ``__main__`` (the loop), ``switchboard`` (who hears whom), ``company`` and
``devices`` (the legs), ``uplink`` (digits and sound sent), ``endpoint``, ``legs``, ``sound`` and ``registering`` (all that knows pjsua2).
Shared: ``messages``, ``ring``, ``settings``, and the pure ``addresses``, ``causes``, ``dialog``, ``digest``, ``digits``, ``rtp_watch``.
"""
