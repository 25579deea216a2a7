package dev.reverie.gpu.profile;

/**
 * The calls of one kernel by one caller in one phase, summed over threads.
 *
 * @param phase of the profile, see {@link KernelProfile#enter}
 * @param caller simple name of the class that called
 * @param kernel name of the primitive
 * @param calls number of calls
 * @param seconds spent in them
 * @param flop floating-point operations of the mathematical definition; 0 for memory-bound kernels
 * @param bytes that are read and written without a cache
 */
public record KernelUse(
        String phase, String caller, String kernel, long calls, double seconds, double flop, double bytes) {}
