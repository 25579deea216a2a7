package dev.reverie.deploy.run;

import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Reports unusable input. The message is one sentence that says what to do instead. */
public final class InputException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    /**
     * Reports a folder that cannot be created or written.
     *
     * @param purpose what is written to the folder, for the message
     * @param option the option that names the folder
     */
    static InputException unwritable(String purpose, Path folder, String option, IOException cause) {
        String reason =
                cause instanceof FileAlreadyExistsException ? "it is not a folder" : FileErrorMessages.describe(cause);
        return new InputException("cannot write to the " + purpose + " folder " + folder + " (" + reason
                + "): name a writable folder with " + option);
    }
}
