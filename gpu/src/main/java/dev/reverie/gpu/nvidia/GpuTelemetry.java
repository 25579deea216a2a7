package dev.reverie.gpu.nvidia;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What NVIDIA's driver reports of a GPU at one moment, whichever process uses it. A value is empty if the driver does
 * not report it for this card.
 *
 * @param index number of the card, from 0, as {@code nvidia-smi} counts; CUDA may count otherwise
 * @param utilisation fraction of the driver's last sample period, at most a second, in which the card computed, 0 to 1
 * @param memoryUsedBytes bytes of the card's memory that are in use, including what the driver reserves
 * @param memoryBytes size of the card's memory
 * @param celsius temperature of the chip
 * @param watts power that the card draws
 */
public record GpuTelemetry(
        int index,
        OptionalDouble utilisation,
        OptionalLong memoryUsedBytes,
        OptionalLong memoryBytes,
        OptionalDouble celsius,
        OptionalDouble watts) {}
