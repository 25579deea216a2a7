package dev.reverie.deploy.history;

/**
 * Guesses which requests without a clear answer took effect, from the next look at each class. A guess only decides
 * what the search tries first.
 */
record NextLook(StepList list, ServiceModel model) {

    /**
     * How badly a step fits the next look at its class: the difference between the samples that it adds and those that
     * the look shows although no answered request adds them.
     *
     * @param index an open step
     * @param firstOpen index of the first open step
     */
    long misfit(int index, int firstOpen) {
        if (!(list.steps().get(index) instanceof Step.Part part)
                || !part.moment().optional()) {
            return Long.MAX_VALUE;
        }
        long unaccounted = unaccounted(part.label(), firstOpen);
        return unaccounted <= 0 ? Long.MAX_VALUE : Math.abs(unaccounted - model.added(part));
    }

    /** Number of samples of a class that its next look shows and that no answered request adds before it. */
    private long unaccounted(int label, int firstOpen) {
        long count = model.count(label);
        for (int i = firstOpen; i < list.steps().size(); i++) {
            if (model.isTaken(i)) {
                continue;
            }
            switch (list.steps().get(i)) {
                case Step.Part part
                when part.label() == label && !part.moment().optional() -> count += model.added(part);
                case Step.Deletion deletion
                when deletion.label() == label && deletion.found().orElse(false) -> count = 0;
                case Step.ClassRead read
                when read.label() == label && read.view().isPresent() -> {
                    return read.view().get().seen() - count;
                }
                default -> {}
            }
        }
        return 0;
    }
}
