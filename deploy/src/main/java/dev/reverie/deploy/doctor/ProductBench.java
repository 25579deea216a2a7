package dev.reverie.deploy.doctor;

import dev.reverie.deploy.experiments.bench.RepeatableBench;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * The product of two square matrices with random elements.
 *
 * @param size rows and columns of each
 */
record ProductBench(int size) implements RepeatableBench {

    @Override
    public String title() {
        return "the product of two matrices of " + size + " rows and columns";
    }

    @Override
    public PreparedBench open(Kernels kernels, int threadCount) {
        Tensor left = random(kernels, 1);
        Tensor right = random(kernels, 2);
        Tensor product = kernels.allocate(size, size);
        return new PreparedBench() {

            private double[] elements = new double[0];

            @Override
            public void repeat(int index) {
                kernels.multiply(left, false, right, true, false, product);
                elements = new double[size * size];
                product.read(0, elements); // waits for a GPU
            }

            @Override
            public double[] result() {
                return elements.clone();
            }

            @Override
            public void close() {
                left.close();
                right.close();
                product.close();
            }
        };
    }

    private Tensor random(Kernels kernels, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        double[] elements =
                random.doubles((long) size * size).map(x -> (float) (x - 0.5)).toArray();
        Tensor tensor = kernels.allocate(size, size);
        tensor.write(0, elements);
        return tensor;
    }
}
