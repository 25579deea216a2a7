package dev.reverie.gpu.nvidia;

/**
 * A GPU that NVIDIA's driver finds.
 *
 * @param name name of the card
 * @param major first number of its compute capability
 * @param minor second number of its compute capability
 * @param memoryBytes size of its memory
 */
public record Gpu(String name, int major, int minor, long memoryBytes) {

    /** The compute capability, for example {@code 9.0}. */
    public String capability() {
        return major + "." + minor;
    }

    /** Whether the compute capability is the given one or higher. */
    public boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
