package dev.reverie.client;

/** What a class does, in the order in which a class passes through the phases. */
public enum ClassPhase {
    /** The class has too few images to learn; the memory contains real images of it. */
    COLLECTING,
    /** The class learns. */
    DISTILLING,
    /** The class no longer improves. */
    CONVERGED,
    /** The class accepts no more images and keeps only its synthetic images. */
    SEALED
}
