"""Names in the log of what a write was about; live parts (`matrix.regions`) listen to them."""


def about(agreement, *, areas=()) -> list[str]:
    """The agreement and the cells in which it stands; `areas`: keys of those in which it stood before."""
    pks = {*agreement.areas.values_list("pk", flat=True), *areas}
    return [f"agreements/{agreement.number}", *(f"board/{pk}/{agreement.framework}" for pk in sorted(pks))]
