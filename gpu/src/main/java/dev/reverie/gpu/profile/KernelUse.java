package dev.reverie.gpu.profile;

/**
 * What one kernel did for one caller, summed over threads.
 *
 * @param phase what was going on, as told to {@link KernelProfile#enter}
 * @param caller simple name of the class that called
 * @param kernel name of the primitive
 * @param calls number of calls
 * @param seconds spent in them
 * @param flop floating-point operations that the mathematics asks for; 0 where memory is what limits
 * @param bytes that have to be read and written once, were nothing in cache
 */
public record KernelUse(
        String phase, String caller, String kernel, long calls, double seconds, double flop, double bytes) {}
