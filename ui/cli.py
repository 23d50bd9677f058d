"""The command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.errors import DalilError

if TYPE_CHECKING:
    from qa.settings import Settings

_INDEX = click.option(
    "--index", type=click.Path(path_type=Path), help="Folder of the index (default: your own)."
)
_MOOD = click.option(
    "--mood",
    type=click.Choice(["cautious", "balanced", "eager"]),
    help="How sure an answer must be (default: balanced).",
)
_EMBEDDER = click.option("--embedder", help="`default`, a local folder, or a hub name.")
_STORE = click.option(
    "--store", help="`faiss` (default), `milvus:FILE.db or ADDRESS`, or `postgres:CONNECTION`."
)


class _Friendly(click.Group):
    """Shows a DalilError as two lines, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DalilError as error:
            from ui.terminal import safe_lines

            # A file's name, or what a file says, may be in it.
            click.secho(f"✗ {safe_lines(error.message)}", fg="red", err=True)
            if error.hint:
                click.echo(f"  {safe_lines(error.hint)}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo(
                "\nStopped. What was done is kept; run the command again to go on.", err=True
            )
            ctx.exit(130)


@click.group(cls=_Friendly, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dalil")
def main() -> None:
    """Dalil دليل: ask your Arabic texts, and see the words that prove the answer."""


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_INDEX
@_EMBEDDER
@_STORE
@click.option("--embed-on", help="`here` (default), `ray`, or `ray:ADDRESS` of a cluster.")
@click.option("--rebuild", is_flag=True, help="Read and embed everything again.")
@click.option("--check", is_flag=True, help="Verify the index instead of updating it.")
@click.option(
    "--remove", multiple=True, type=click.Path(path_type=Path), help="Forget a file or folder."
)
def index(
    paths: tuple[Path, ...],
    index: Path | None,
    embedder: str | None,
    store: str | None,
    embed_on: str | None,
    rebuild: bool,
    check: bool,
    remove: tuple[Path, ...],
) -> None:
    """Index the texts in PATHS, and bring up to date those indexed before."""
    from ui.indexing import check as verify
    from ui.indexing import update

    settings = _settings(index=index, embedder=embedder, store=store, embed_on=embed_on)
    if check:
        verify(settings)
    else:
        update(settings, settings.own_index, paths, remove=remove, rebuild=rebuild)


@main.command()
@click.argument("question", nargs=-1, required=True)
@_INDEX
@_EMBEDDER
@_STORE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_MOOD
@click.option("--threshold", type=float, help="Least confidence of an answer, 0 to 1.")
@click.option("--extractive", is_flag=True, help="Only the words of the texts: no language model.")
def ask(question: tuple[str, ...], as_json: bool, extractive: bool, **flags: Any) -> None:
    """Answer QUESTION from the indexed texts."""
    from qa.question import check_question
    from ui.replying import Terminal, answer_as_json, print_answer

    asked = " ".join(question)
    check_question(asked)
    settings = _settings(**flags | ({"generator": ""} if extractive else {}))
    pipeline = _pipeline(settings)
    if as_json:
        click.echo(answer_as_json(pipeline, asked))
    else:
        print_answer(pipeline, asked, Terminal.here(settings))


@main.command()
@_INDEX
@_EMBEDDER
@_STORE
@_MOOD
@click.option("--host", help="Address to listen on (default: 127.0.0.1, this machine only).")
@click.option("--port", type=int, help="Port to listen on (default: 7860).")
@click.option("--language", type=click.Choice(["ar", "en"]), help="Language of the page.")
@click.option(
    "--open-to-all", is_flag=True, default=None, help="Beyond this machine, let anybody ask."
)
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser.")
def chat(browser: bool, **flags: Any) -> None:
    """Open the chat page in a browser."""
    from ui.access import Access
    from ui.indexing import prepare
    from ui.opening import open_workspace
    from ui.serving import serve

    settings = _settings(**flags)
    access = Access.of(settings)
    access.require(settings.host)  # said before anything is built
    prepare(settings, bundled=True)
    serve(
        open_workspace(settings, lambda text: click.echo(text, err=True)),
        host=settings.host,
        port=settings.port,
        language=settings.language,
        open_browser=browser,
        access=access,
    )


@main.command()
@_INDEX
@_EMBEDDER
@_STORE
@_MOOD
@click.option(
    "--transport", type=click.Choice(["stdio", "http"]), default="stdio", show_default=True
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address for http.")
@click.option("--port", type=click.IntRange(1, 65535), default=7861, show_default=True)
def mcp(transport: str, host: str, port: int, **flags: Any) -> None:
    """Let other programs ask and search, over the Model Context Protocol."""
    from ui.mcp_command import serve_http, serve_stdio

    settings = _settings(**flags)
    if transport == "stdio":
        serve_stdio(settings)
    else:
        serve_http(settings, host, port)


@main.command()
@_INDEX
@_EMBEDDER
@_STORE
def doctor(index: Path | None, embedder: str | None, store: str | None) -> None:
    """Say what is installed, what is wrong, and how to mend it."""
    from ui.doctor import examine
    from ui.terminal import safe

    settings = _settings(index=index, embedder=embedder, store=store)
    sound = True
    for finding in examine(settings):
        mark, colour = ("✓", "green") if finding.sound else ("✗", "red")
        click.secho(f"{mark} {finding.name}: {safe(finding.text)}", fg=colour)
        if finding.hint:
            click.echo(f"    {safe(finding.hint)}")
        sound = sound and finding.sound
    if not sound:
        sys.exit(1)


@main.command(name="eval")
@click.option(
    "--dataset", "datasets", multiple=True, type=click.Path(path_type=Path),
    help="A SQuAD file (.json) or one in our own form (.jsonl); several may be given.",
)  # fmt: skip
@click.option("--texts", type=click.Path(path_type=Path), help="The texts of a .jsonl set.")
@click.option(
    "--questions", type=click.Path(path_type=Path),
    help="Your questions and expected answers (.csv), asked of --index.",
)  # fmt: skip
@click.option(
    "--from-feedback", "feedback", is_flag=True,
    help="The answers that readers of the chat called right or wrong, asked of the index.",
)  # fmt: skip
@click.option("--generator", help="A language model that words answers: measure what it writes.")
@click.option("--answers", type=click.IntRange(1), help="Worded answers, with --generator.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Its sentences, one a line, with --generator."
)
@_INDEX
@_EMBEDDER
@click.option("--suite", type=click.Choice(["quick", "full"]), show_default="quick")
@click.option("--sample", type=click.IntRange(1), help="Questions asked of each set at most.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the reports.")
@click.option("--against", type=click.Path(path_type=Path), help="An earlier run's folder.")
@_MOOD
@click.option("--threshold", type=float, help="Least confidence of an answer, 0 to 1.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(
    datasets: tuple[Path, ...],
    texts: Path | None,
    questions: Path | None,
    feedback: bool,
    generator: str | None,
    answers: int | None,
    keep: Path | None,
    index: Path | None,
    embedder: str | None,
    suite: str | None,
    sample: int | None,
    out: Path | None,
    against: Path | None,
    mood: str | None,
    threshold: float | None,
    as_json: bool,
) -> None:
    """Measure Dalil: on its own questions, on a question set, or on your texts."""
    from evals.options import check_options

    check_options(
        datasets,
        {"--generator": generator, "--questions": questions, "--from-feedback": feedback,
         "--index": index, "--suite": suite, "--out": out, "--against": against,
         "--answers": answers, "--keep": keep},
    )  # fmt: skip
    if generator:
        from evals.generation import run_generation

        run_generation(
            _settings(generator=generator, embedder=embedder, mood=mood, threshold=threshold),
            dataset=next(iter(datasets), None),
            texts=texts,
            sample=sample,
            answers=answers,
            keep=keep,
            as_json=as_json,
        )
        return
    from evals.command import run_eval

    settings = _settings(index=index, embedder=embedder, mood=mood, threshold=threshold)
    feedback_on = None
    if feedback:
        from ui.catalogue import Catalogue

        feedback_on = Catalogue(settings).default().id
    run_eval(
        settings,
        datasets=datasets,
        texts=texts,
        questions=questions,
        feedback_on=feedback_on,
        full=suite == "full",
        sample=sample,
        out=out,
        against=against,
        as_json=as_json,
    )


def _settings(**flags: object) -> Settings:
    from qa.settings import load_settings

    return load_settings(**flags)


def _pipeline(settings: Settings) -> Any:
    """The pipeline; the bundled texts are indexed first where there is no index yet."""
    from qa import open_pipeline
    from ui.indexing import prepare

    prepare(settings)
    return open_pipeline(settings, lambda text: click.echo(text, err=True))
