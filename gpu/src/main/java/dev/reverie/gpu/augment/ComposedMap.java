package dev.reverie.gpu.augment;

/** One map after the other; the adjoint runs them backwards. */
record ComposedMap(ImageMap first, ImageMap second) implements ImageMap {

    @Override
    public double[] apply(double[] image) {
        return second.apply(first.apply(image));
    }

    @Override
    public double[] adjoint(double[] gradient) {
        return first.adjoint(second.adjoint(gradient));
    }
}
