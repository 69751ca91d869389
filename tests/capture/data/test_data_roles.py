"""The words of a name say what data is used for."""

from __future__ import annotations

import pytest

from trackside.capture.data.roles import role_of


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (
            "train",
            "X_train y_train train_ds df_train trainloader TRAIN train_dataset X_tr training_set Xtrain ds['train']",
        ),
        ("val", "X_val val_loader valid_df x_valid validation_data dev_set eval_dataset valset"),
        ("test", 'X_test df_test test_set testloader yTest X_te holdout ytest data["test"]'),
        (
            None,
            "X y df latest contest strain trainer device value train_test data train_val_split interval testament",
        ),
        (None, "train_losses val_acc test_f1"),
    ],
)
def test_roles(role: str | None, names: str) -> None:
    assert {name: role_of(name) for name in names.split()} == dict.fromkeys(names.split(), role)
