package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.matlab.MatFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** <a href="http://ufldl.stanford.edu/housenumbers/">SVHN</a>: cropped digits in two MAT-files. */
record SvhnDataset() implements PublishedDataset {

    static final SvhnDataset SVHN = new SvhnDataset();

    private static final String TRAIN = "train_32x32.mat";
    private static final String TEST = "test_32x32.mat";

    private static final Normalisation NORMALISATION =
            new Normalisation(List.of(0.4377, 0.4438, 0.4728), List.of(0.1980, 0.2010, 0.1970));

    @Override
    public String name() {
        return "svhn";
    }

    @Override
    public boolean isIn(Path directory) {
        return Stream.of(TRAIN, TEST).map(directory::resolve).allMatch(Files::isRegularFile);
    }

    @Override
    public Dataset load(Path directory) {
        Path trainFile = locate(TRAIN, directory);
        Path testFile = locate(TEST, directory);
        List<LabelledImage> train = read(trainFile);
        List<String> digits = PublishedDataset.digits();
        DatasetErrors.requireEveryClass(name(), digits, train, directory);
        return new Dataset(name(), SvhnArrays.SHAPE, digits, NORMALISATION, train, read(testFile));
    }

    private Path locate(String file, Path directory) {
        Path path = directory.resolve(file);
        if (!Files.isRegularFile(path)) {
            throw DatasetErrors.missing(file, name(), directory);
        }
        return path;
    }

    private static List<LabelledImage> read(Path file) {
        SvhnArrays arrays = new SvhnArrays();
        try (InputStream content = Files.newInputStream(file)) {
            MatFile.read(content, arrays);
            return arrays.samples();
        } catch (FileFormatException e) {
            throw new DatasetException(file + " " + e.getMessage() + DatasetException.FETCH_AGAIN, e);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }
}
