"""A .gguf file as an ordinary model folder, made once: transformers takes minutes to read one."""

from __future__ import annotations

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpus.errors import left_to_right
from index.cached_folder import cached_folder
from qa.generator import GeneratorError

_CONVERTER = 1  # raise it when what is converted changes, so that no old cache is used
_NEEDED = ("accelerate", "gguf")


def gguf_folder(file: Path, cache: Path) -> Path:
    """The folder under ``cache`` with what ``file`` holds, in bfloat16; made when need be.

    It takes two bytes a parameter. A file that was changed since is converted again, and so is one
    whose folder was damaged. Raises GeneratorError when a package is missing, the file is damaged,
    or the folder cannot be written.
    """
    try:
        state = file.stat()
        about = f"{file.resolve()}\0{state.st_size}\0{state.st_mtime_ns}"
        folder = cache / f"{file.stem}-{sha256(about.encode()).hexdigest()[:12]}-{_CONVERTER}"
        origin = {"file": file.name, "bytes": state.st_size, "converter": _CONVERTER}
        return cached_folder(folder, origin, lambda making: _convert(file, making))
    except OSError as error:
        raise GeneratorError(
            f"The language model {file} cannot be made ready in {cache}: {error}",
            "Free room there, two bytes for each of its parameters, or choose another cache.",
            arabic=f"تعذّر تجهيز النموذج اللغوي «{left_to_right(file)}» في "
            f"«{left_to_right(cache)}». أفرغ هناك مساحة تكفيه، ثم أعد السؤال.",
        ) from error


def _convert(file: Path, folder: Path) -> None:
    """Write the model into the empty ``folder``."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        command = f"pip install {' '.join(missing)}"
        raise GeneratorError(
            f"To read {file.name}, the Python packages {' and '.join(missing)} are needed.",
            f"Run: {command}",
            arabic=f"لا تُقرأ ملفّات gguf إلا بحزم ليست مثبّتة هنا. في نافذة الأوامر: "
            f"{left_to_right(command)}",
        )
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    known: dict[str, Any] = {"gguf_file": file.name, "local_files_only": True}
    known["trust_remote_code"] = False
    try:
        tokenizer = AutoTokenizer.from_pretrained(file.parent, **known)
        model = AutoModelForCausalLM.from_pretrained(
            file.parent,
            dtype=torch.bfloat16,
            quantization_config=GgufConfig(dequantize=True),
            **known,
        )
    except (ValueError, KeyError, IndexError, RuntimeError, ImportError) as error:
        raise _unreadable(file, error) from error
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)


def _unreadable(file: Path, error: Exception) -> GeneratorError:
    why = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return GeneratorError(
        f"The language model {file} cannot be read: {why}",
        "Fetch the file again, or take another: transformers does not know every kind of model. "
        "A server such as llama.cpp's may know it: give its address instead.",
        arabic=f"تعذّرت قراءة النموذج اللغوي «{left_to_right(file)}». نزّله من جديد، أو شغّله في "
        "خادم مثل llama.cpp وعيّن عنوان الخادم في الإعدادات.",
    )
