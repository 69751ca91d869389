"""Cells that train without `%%track` are named, and those that only prepare data, or are tracked, are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackside.team.policy.untracked import find_training

SVC = "from sklearn.svm import SVC\nfrom sklearn.preprocessing import StandardScaler"
TORCH = "import torch\nfrom torch import nn"


@pytest.mark.parametrize(
    ("sources", "places"),
    [
        ([SVC, "SVC(C=1).fit(X, y)"], [1]),
        ([SVC, "model = SVC()", "%matplotlib inline\nmodel.fit(X, y)\n!ls"], [2]),
        ([SVC, "%%track\nSVC().fit(X, y)"], []),
        ([SVC, "# on top\n%%time\n%%track mlp\nSVC().fit(X, y)"], []),
        ([SVC, "%%time\nSVC().fit(X, y)"], [1]),
        ([SVC, "%%track\nmodel = SVC().fit(X, y)", "model.fit(X, y)"], [2]),
        ([SVC, "%%bash\nSVC().fit(X, y)"], []),
        ([SVC, "scaler = StandardScaler()\nscaler.fit(X)\nX = scaler.transform(X)"], []),
        (["from sklearn.decomposition import PCA", "PCA(2).fit_transform(X)\nPCA(2).fit(X)"], []),
        (["from sklearn.model_selection import train_test_split", "a, b = train_test_split(X)\na.fit()"], []),
        ([SVC, "def train(C):\n    return SVC(C=C).fit(X, y)", "train(1)"], [2]),
        ([SVC, "def make(C):\n    return SVC(C=C)", "m = make(1)", "m.fit(X, y)"], [3]),
        ([SVC, "models = {'a': SVC()}", "for name, m in models.items():\n    m.fit(X, y)"], [2]),
        (["import sklearn.svm as svm", "svm.SVC().fit(X, y)"], [1]),
        (
            [
                SVC + "\nfrom sklearn.pipeline import make_pipeline",
                "p = make_pipeline(StandardScaler(), SVC())\np.fit(X, y)",
            ],
            [1],
        ),
        (
            [SVC + "\nfrom sklearn.pipeline import make_pipeline", "p = make_pipeline(StandardScaler())\np.fit(X)"],
            [],
        ),
        (["from sklearn.model_selection import cross_val_score", "cross_val_score(m, X, y)"], [1]),
        (["import xgboost as xgb", "booster = xgb.train(params, data)"], [1]),
        (["import lightgbm as lgb", "m = lgb.LGBMClassifier()", "m.fit(X, y)"], [2]),
        (["from tensorflow import keras", "m = keras.Sequential([])\nm.compile()", "m.fit(X, y)"], [2]),
        (["from keras.models import Sequential", "m = Sequential()", "m.fit_generator(g)"], [2]),
        (["from transformers import Trainer", "Trainer(model=m).train()"], [1]),
        ([TORCH, "m = nn.Linear(1, 1)\nm.train()", "m.eval()"], []),
        ([TORCH, "def step(x):\n    loss = f(x)\n    loss.backward()", "for x in data:\n    step(x)"], [2]),
        ([TORCH, "class Net(nn.Module):\n    def forward(self, x): return x", "Net().train()"], []),
        (["import pytorch_lightning as pl", "t = pl.Trainer()", "t.fit(m)"], [2]),
        (["import statsmodels.api as sm", "sm.OLS(y, X).fit()"], [1]),
        ([SVC + "\nimport trackside as ts", "with ts.run('a'):\n    SVC().fit(X, y)"], []),
        (["from scipy.optimize import curve_fit", "curve.fit(X)"], []),
        (["tailor.fit(suit)"], []),
        ([SVC, "SVC().fit(X, y"], []),
    ],
)
def test_a_cell_that_trains_is_named_by_its_place(sources: list[str], places: list[int]) -> None:
    assert [place for place, each in find_training(sources).items() if not each.begins_run] == places


def test_the_call_is_told_in_one_short_line() -> None:
    [told] = find_training([SVC + "\nSVC(" + ", ".join(f"a{n}='\u202e'" for n in range(99)) + ").fit(X,\n y)"]).values()
    assert told.call.isprintable()
    assert len(told.call) <= 60


@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_text_in_a_cell_breaks_it(texts: list[str]) -> None:
    assert isinstance(find_training([SVC, *texts]), dict)
