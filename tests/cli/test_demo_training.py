"""What the demo trains: real birds, right gradients, optimizers that learn."""

from __future__ import annotations

import numpy as np
import pytest

from trackside.demo import TRIALS, train
from trackside.demo.network import Network
from trackside.demo.penguins import load_penguins
from trackside.errors import InputError


def test_the_birds_are_split_and_scaled() -> None:
    training, validation, kinds = load_penguins()
    assert (training.measures.shape, validation.measures.shape) == ((100, 4), (233, 4))
    assert np.allclose(training.measures.mean(axis=0), 0)
    assert np.allclose(training.measures.std(axis=0), 1)
    assert set(training.kinds) == set(validation.kinds) == set(range(len(kinds)))
    assert len(kinds) == 6


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_gradients_are_those_of_the_loss(activation: str) -> None:
    network = Network([4, 5, 7, 6], activation, np.random.default_rng(0))
    birds, decay, tiny = load_penguins().training, 0.1, 1e-6

    def loss() -> float:
        return network.score(*birds)[0] + decay / 2 * sum(float((weights**2).sum()) for weights, _ in network.layers)

    params = [param for layer in network.layers for param in layer]
    for param, gradient in zip(params, network.gradients(*birds, decay), strict=True):
        for place in np.ndindex(*param.shape):
            before = param[place]
            param[place] = before + tiny
            above = loss()
            param[place] = before - tiny
            below = loss()
            param[place] = before
            assert gradient[place] == pytest.approx((above - below) / (2 * tiny), abs=1e-7)


@pytest.mark.parametrize(("optimizer", "lr"), [("sgd", 0.1), ("momentum", 0.03), ("adam", 0.01)])
def test_every_optimizer_learns(optimizer: str, lr: float) -> None:
    first, *_, last = train(optimizer=optimizer, lr=lr)
    assert last["val_loss"] < 0.5 < first["val_loss"]
    assert last["val_accuracy"] > 0.85


def test_the_same_seed_gives_the_same_training() -> None:
    assert list(train(epochs=3, seed=5)) == list(train(epochs=3, seed=5)) != list(train(epochs=3, seed=6))


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(InputError, match=r"no optimizer 'adm'; expected .* Did you mean 'adam'\?"):
        next(train(optimizer="adm"))


def test_thirty_trials_differ_and_say_all_their_settings() -> None:
    assert len(TRIALS) == 30
    assert len({trial.name for trial in TRIALS}) == 30
    assert len({str(trial.params) for trial in TRIALS}) == 30
    assert all(len(trial.params) == 8 for trial in TRIALS)


def test_some_trials_learn_well_and_one_by_heart() -> None:
    last = {trial.name: list(train(**trial.params))[-1] for trial in TRIALS if not trial.ends_with}
    assert sum(scores["val_loss"] < 0.25 for scores in last.values()) >= 10
    assert sum(scores["val_loss"] > 0.5 for scores in last.values()) >= 3
    by_heart = last["learned by heart"]
    assert by_heart["loss"] < 0.1
    assert by_heart["val_loss"] > 0.35
