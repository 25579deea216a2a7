package dev.reverie.gpu.profile;

/**
 * The calls to one kernel by one caller in one phase, summed over threads.
 *
 * @param phase phase of the profile; see {@link KernelProfile#enter}
 * @param caller simple name of the calling class
 * @param kernel name of the primitive
 * @param calls number of calls
 * @param seconds time spent in the calls, in seconds
 * @param flop number of floating-point operations in the mathematical definition; 0 for memory-bound kernels
 * @param bytes number of bytes that the calls read and write if nothing is cached
 */
public record KernelUse(
        String phase, String caller, String kernel, long calls, double seconds, double flop, double bytes) {}
