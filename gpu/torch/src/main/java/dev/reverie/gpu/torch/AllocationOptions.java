package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.Precision;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * What libtorch has to know of a tensor besides its shape. Its objects are created once, because each costs as much
 * time as the allocation itself. Thread safe.
 */
final class AllocationOptions {

    private final Function<TensorOptions, TensorOptions> place;
    private final Map<torch.ScalarType, TensorOptions> known = new ConcurrentHashMap<>();

    /**
     * Creates nothing yet, because libtorch may not be loaded.
     *
     * @param place adds where the memory is
     */
    AllocationOptions(Function<TensorOptions, TensorOptions> place) {
        this.place = place;
    }

    /** Allocates a row-major tensor with undefined content. */
    Tensor empty(Precision precision, long... shape) {
        return empty(TorchMemory.type(precision), shape);
    }

    /** Allocates unsigned bytes with undefined content. */
    Tensor emptyBytes(long count) {
        return empty(torch.ScalarType.Byte, count);
    }

    private Tensor empty(torch.ScalarType type, long... shape) {
        try (MemoryFormatOptional rowMajor = new MemoryFormatOptional()) {
            return torch.empty(shape, known.computeIfAbsent(type, this::options), rowMajor);
        }
    }

    private TensorOptions options(torch.ScalarType type) {
        try (PointerScope _ = new PointerScope()) {
            TensorOptions typed = new TensorOptions().dtype(new ScalarTypeOptional(type));
            return place.apply(typed).retainReference();
        }
    }
}
