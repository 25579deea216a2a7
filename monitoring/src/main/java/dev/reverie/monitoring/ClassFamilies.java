package dev.reverie.monitoring;

/** Names of the metrics of classes that a run and a service have in common. */
final class ClassFamilies {

    static final String MATCH_LOSS = "reverie_match_loss";
    static final String MATCH_LOSS_HELP = "Matching distance of the class's last step.";

    static final String MEMORY_IMAGES = "reverie_memory_images";
    static final String MEMORY_IMAGES_HELP = "Synthetic images stored.";

    static final String PHASE_CLASSES = "reverie_class_phase_classes";
    static final String PHASE_CLASSES_HELP = "Classes by the phase of their life.";

    private ClassFamilies() {}
}
