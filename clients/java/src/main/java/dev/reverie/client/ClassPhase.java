package dev.reverie.client;

/**
 * What a class does. A converged class learns again if its new images differ from its memory. A sealed class stays
 * sealed.
 */
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
