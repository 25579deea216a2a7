package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.MalformedInputException;
import java.nio.file.DirectoryNotEmptyException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The description of a file error")
class FileErrorMessagesTest {

    @Test
    @DisplayName("says what is wrong where the message of the JDK does not")
    void plain() {
        assertThat(FileErrorMessages.describe(new DirectoryNotEmptyException("out/set")))
                .isEqualTo("out/set is a folder that is not empty");
        assertThat(FileErrorMessages.describe(new MalformedInputException(1))).isEqualTo("it is not text in UTF-8");
    }
}
