"""Dalil against what one would take instead: ``python -m evals.bench.peers``.

The first run makes a virtual environment for the peers in the cache. Nothing else should run on the
machine meanwhile.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from corpus.errors import DalilError
from evals.bench.peers.checkpoint import write_checkpoint
from evals.bench.peers.environment import peers_python
from evals.bench.peers.rounds import Bench, Measured
from evals.bench.peers.system import SYSTEMS
from evals.bench.peers.table import Quality, as_json, markdown
from evals.bench.peers.workload import Workload, changed_texts
from evals.collections import DEVELOPMENT_SETS
from evals.datasets import Dataset, load_squad, sampled
from evals.measures import mean, ranking
from evals.overlap import squad_tokens, token_f1
from index.default_model import default_model_folder
from index.embedder import DEFAULT_MODEL
from qa.readers import weights_folder
from qa.settings import load_settings


def workload(
    datasets: list[Dataset], sample: int, model: Path, reader: Path, files: Path
) -> Workload:
    """Every text of the sets, and ``sample`` of their answerable questions in equal parts."""
    texts = {
        f"{dataset.name}-{number:05}": context
        for dataset in datasets
        for number, context in enumerate(dataset.contexts)
    }
    asked = [
        (dataset.name, question)
        for dataset in datasets
        for question in sampled(dataset, max(1, sample // len(datasets))).questions
        if question.answers
    ]
    return Workload(
        texts=texts,
        changed=changed_texts(texts),
        questions=[(one.text, f"{name}-{one.context:05}") for name, one in asked],
        model=str(model),
        embedder=DEFAULT_MODEL,
        files=str(files),
        answers=[list(one.answers) for _, one in asked],
        reader=str(reader),
    )


def answer_f1(one: Measured, work: Workload) -> str:
    """SQuAD's F1 of the answers with its interval in the first round, empty without them."""
    found = one.steps.get("answer", [])
    if not found:
        return ""
    pairs = zip(found[0]["answers"], work.answers, strict=True)
    return str(mean([token_f1(answer, gold, squad_tokens) for answer, gold in pairs]))


def ndcg(one: Measured, work: Workload) -> str:
    """nDCG@10 with its interval in the first round, empty when it did not come to that."""
    searches = one.steps.get("search", [])
    if not searches:
        return ""
    qrels = {str(number): {gold: 1} for number, (_, gold) in enumerate(work.questions)}
    run = {
        str(number): {name: 1 / rank for rank, name in enumerate(names, start=1)}
        for number, names in enumerate(searches[0]["results"])
    }
    scores = ranking(qrels, run)
    return str(mean([scores[question]["ndcg@10"] for question in qrels]))


@click.command()
@click.option(
    "--system", "names", multiple=True, type=click.Choice(list(SYSTEMS)), help="Only these."
)
@click.option("--sample", default=400, show_default=True, help="Questions, of all sets together.")
@click.option("--texts", type=int, help="Only the first so many texts of each set, for a trial.")
@click.option("--rounds", default=3, show_default=True, help="Times that each system's turn comes.")
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for peers.md and peers.json.")
def main(
    names: tuple[str, ...],
    sample: int,
    texts: int | None,
    rounds: int,
    as_object: bool,
    out: Path | None,
) -> None:
    """Print indexing, updating, cold start, latency, size, nDCG@10 and answers of each system."""
    settings = load_settings()
    model = default_model_folder(settings.cache, _tell)
    datasets = [_first(load_squad(path), texts) for path in DEVELOPMENT_SETS]
    try:
        peers: Path | str = peers_python(settings.cache, _tell)
    except DalilError as error:
        peers = error.message
    with TemporaryDirectory(prefix="dalil-peers-") as folder:
        scratch = Path(folder)
        reader = scratch / "reader"
        write_checkpoint(model, weights_folder() / "reader.safetensors", reader)
        work = workload(datasets, sample, model, reader, scratch / "texts")
        work.save(scratch / "work.json")
        bench = Bench(scratch / "work.json", scratch, peers, _tell)
        measured = bench.measure([SYSTEMS[name] for name in names or SYSTEMS], rounds)
    quality = Quality(
        {one.described.module: ndcg(one, work) for one in measured},
        {one.described.module: answer_f1(one, work) for one in measured},
    )
    table = "\n".join(markdown(measured, work, quality))
    figures = json.dumps(as_json(measured, work, quality), ensure_ascii=False, indent=1)
    click.echo(figures if as_object else table)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "peers.md").write_text(table + "\n", encoding="utf-8")
        (out / "peers.json").write_text(figures + "\n", encoding="utf-8")


def _first(dataset: Dataset, texts: int | None) -> Dataset:
    """The set with its first texts alone, and the questions on them."""
    if texts is None:
        return dataset
    questions = tuple(q for q in dataset.questions if q.context < texts)
    return Dataset(dataset.name, dataset.contexts[:texts], dataset.articles[:texts], questions)


def _tell(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main()
