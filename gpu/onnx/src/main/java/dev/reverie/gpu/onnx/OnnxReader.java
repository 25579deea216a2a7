package dev.reverie.gpu.onnx;

import ai.onnxruntime.OrtException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.foreign.ForeignNetwork;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads networks in ONNX files. */
public final class OnnxReader implements ForeignNetwork.Reader {

    @Override
    public ForeignNetwork open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file + " does not exist or is no file: name an ONNX file");
        }
        try {
            return OnnxNetwork.open(file);
        } catch (OrtException | IllegalArgumentException unreadable) {
            throw new DatasetException(
                    file + " cannot be used as a network for images: "
                            + firstLine(String.valueOf(unreadable.getMessage())),
                    unreadable);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("the reason is unknown").strip();
    }
}
