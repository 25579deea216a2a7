package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** A batch that has the images of other batches, one after the other. */
final class ChainedBatch extends ImageBatch {

    private final List<ImageBatch> links;
    /** Index of the first image of each link. */
    private final int[] starts;

    /** See {@link ImageBatch#chain}. */
    ChainedBatch(List<ImageBatch> links) {
        super(links.getFirst().shape(), size(links));
        if (links.stream().map(ImageBatch::shape).distinct().count() != 1
                || links.stream().map(ImageBatch::dtype).distinct().count() != 1) {
            throw new IllegalArgumentException("expected batches of one shape and one type of values");
        }
        this.links = List.copyOf(links);
        this.starts = new int[links.size()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + links.get(i - 1).count();
        }
    }

    private static int size(List<ImageBatch> links) {
        return Math.toIntExact(links.stream().mapToLong(ImageBatch::size).sum());
    }

    List<ImageBatch> links() {
        return links;
    }

    @Override
    public long bytes() {
        return links.stream().mapToLong(ImageBatch::bytes).sum();
    }

    @Override
    public Dtype dtype() {
        return links.getFirst().dtype();
    }

    @Override
    public void copyTo(int index, double[] target) {
        int link = linkOf(index);
        links.get(link).copyTo(index - starts[link], target);
    }

    @Override
    public ImageBatch pick(List<Integer> indices) {
        return join(indices.stream().map(this::pick).toList());
    }

    private ImageBatch pick(int index) {
        int link = linkOf(index);
        return links.get(link).pick(List.of(index - starts[link]));
    }

    /** Returns the last link that starts at or before an image; of links without images, the last one starts there. */
    private int linkOf(int index) {
        int found = Arrays.binarySearch(starts, index);
        int link = found < 0 ? -found - 2 : found;
        while (link + 1 < starts.length && starts[link + 1] <= index) {
            link++;
        }
        return link;
    }

    @Override
    List<ImageBatch> parts() {
        return links.stream().flatMap(link -> link.parts().stream()).toList();
    }

    @Override
    void putFloats(FloatBuffer target) {
        links.forEach(link -> link.putFloats(target));
    }

    @Override
    void putLevels(ByteBuffer target) {
        links.forEach(link -> link.putLevels(target));
    }
}
