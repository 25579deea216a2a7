package dev.reverie.deploy.history;

/** Tells why the answer of an operation contradicts the model as it is now. */
record ContradictionReport(StepList list, ServiceModel model) {

    /** Describes the operation of the step, and what the model expects instead. */
    String describe(Step step) {
        Operation operation = list.operations().get(step.moment().operation());
        return "operation %d: %s sent %s and got %s, but %s"
                .formatted(
                        operation.number(),
                        operation.client(),
                        operation.request(),
                        operation.answer(),
                        expectation(step));
    }

    private String expectation(Step step) {
        return switch (step) {
            case Step.Part part -> stateOf(part.label());
            case Step.Deletion deletion -> stateOf(deletion.label());
            case Step.Sealing sealing -> stateOf(sealing.label());
            case Step.ClassRead read -> stateOf(read.label());
            case Step.MemoryRead read -> stateOf(read.label());
            case Step.TotalsRead _ -> "all classes together should have " + model.total() + " samples";
            case Step.Inexplicable _, Step.Death _ -> "no state of the service gives this answer";
        };
    }

    private String stateOf(int label) {
        return "'%s' should have %d samples%s"
                .formatted(list.labels().get(label), model.count(label), model.isSealed(label) ? " and be sealed" : "");
    }
}
