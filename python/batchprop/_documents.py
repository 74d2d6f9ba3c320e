"""What the documentation of the classifier and of the regressor says alike."""

_ATTRIBUTES = """\
    model_ : Model
        The network, which can be saved, and read by the command.
    weights_digest_ : str
        Of its parameters, as the command prints it.
    n_iter_ : int
        Epochs that were trained; calls of `partial_fit`, with those before.
    loss_curve_ : list of float
        Loss of each epoch, {of_targets}of the samples as they were trained on; empty for several networks.
    loss_ : float
        The last of them; of several networks that of the rows left out.
    best_loss_ : float
        The least of them; None with `early_stopping`.
    validation_scores_ : list of float
        With `early_stopping` {score} after each epoch, else None.
    best_validation_score_ : float
        The greatest of them, or None.
    oob_score_ : float
        {Score} on the rows that networks left out (`member_rows`), each predicted by those that did not see it.
{left_out}
    coefs_, intercepts_ : list of ndarray
        Weights (inputs, neurons) and intercepts (neurons,) of each layer, of the scaled inputs.
    n_features_in_, feature_names_in_, n_outputs_, n_layers_, out_activation_
        As scikit-learn has them.
"""

_PARTIAL_FIT = """Train once on each of these rows, in batches of `batch_size`; the optimizer goes on from call to call.

        Scaling, first weights and what is auto follow from the rows of the first call; after `fit` training goes on
        from its network. Schedules do not count, since they are of epochs: `learning_rate_init` may be set between
        calls. With another parameter that training reads the optimizer begins anew.

        Parameters
        ----------
        X : array-like, frame or sparse matrix of shape (n_samples, n_features)
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
{classes}        sample_weight : array-like of shape (n_samples,), optional
            Factors of the gradient of each row, which `fit` divides by their mean, and this does not.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            A parameter or the data are wrong, or not those of the first call.
        FloatingPointError
            Training diverged: a loss is not finite. The network is that of the call before.
        """
_CLASSES = """\
        classes : array-like of shape (n_classes,), optional
            All classes; needed in the first call unless `y` has them all.
"""


def partial_fit(classes: bool) -> str:
    """What `partial_fit` does; `classes`: it takes them."""
    return _PARTIAL_FIT.format(classes=_CLASSES if classes else "")


def attributes(score: str, left_out: str, of_targets: str = "") -> str:
    """The attributes after a fit; `left_out` are the predictions of rows left out."""
    return _ATTRIBUTES.format(score=score, Score=score[0].upper() + score[1:], left_out=left_out.rstrip("\n"),
                              of_targets=of_targets)
