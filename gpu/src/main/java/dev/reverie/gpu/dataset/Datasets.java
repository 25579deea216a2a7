package dev.reverie.gpu.dataset;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds and reads datasets by the names the command line knows. */
public final class Datasets {

    private static final String FOLDER_PREFIX = "folder:";

    private Datasets() {}

    /**
     * Reads a whole dataset into memory.
     *
     * @param name {@code fashion-mnist}, {@code mnist}, or {@code folder:PATH} for a folder of PNG and JPEG files laid
     *     out as {@code PATH/train/CLASS/*} and {@code PATH/test/CLASS/*}
     * @param directory holds the files in the form they are published in; {@link DataHome#standard()} if empty
     * @throws DatasetException if the name is unknown, or the files are missing, damaged, or not what they should be
     */
    public static Dataset load(String name, Optional<Path> directory) {
        if (name.startsWith(FOLDER_PREFIX)) {
            if (directory.isPresent()) {
                throw new DatasetException(name + " names its folder itself: leave out --data");
            }
            return FolderDataset.load(name, Path.of(name.substring(FOLDER_PREFIX.length())));
        }
        IdxDataset dataset = IdxDataset.all()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        return dataset.load(directory.orElseGet(() -> DataHome.standard().directoryOf(name)));
    }

    private static DatasetException unknown(String name) {
        String known = IdxDataset.all().map(IdxDataset::name).collect(Collectors.joining(", "));
        return new DatasetException("unknown dataset '" + name + "': choose one of " + known
                + " or folder:PATH (svhn, cifar10, cifar100 and tiny-imagenet cannot be read yet)");
    }
}
