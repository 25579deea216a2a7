package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.run.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("--classes")
class DataOptionsTest {

    @Test
    @DisplayName("chooses all classes if it is not given")
    void absent() {
        assertThat(new DataOptions().classNames()).isEmpty();
    }

    @Test
    @DisplayName("takes names separated by commas")
    void names() {
        assertThat(names("dog, cat,Old English sheepdog")).containsExactly("dog", "cat", "Old English sheepdog");
    }

    @Test
    @DisplayName("takes a file with one name per line, which may contain commas")
    void file(@TempDir Path folder) throws IOException {
        Path list = folder.resolve("classes.txt");
        Files.writeString(list, "\uFEFFn01440764\r\n\nking penguin, Aptenodytes\n");

        assertThat(names(list.toString())).containsExactly("n01440764", "king penguin, Aptenodytes");
    }

    @Test
    @DisplayName("takes a pipe with one name per line, such as that of <(...) in a shell")
    @Timeout(60)
    void pipe(@TempDir Path folder) throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process writer = new ProcessBuilder("sh", "-c", "printf 'dog\\ncat\\n' > '" + pipe + "'").start();

        List<String> names = names(pipe.toString());

        assertThat(names).containsExactly("dog", "cat");
        assertThat(writer.waitFor()).isZero();
    }

    @Test
    @DisplayName("refuses an empty list and a repeated name")
    void refused() {
        assertThatThrownBy(() -> names(" , "))
                .isInstanceOf(InputException.class)
                .hasMessage("--classes names no class");
        assertThatThrownBy(() -> names("dog,cat,dog"))
                .isInstanceOf(InputException.class)
                .hasMessage("--classes contains 'dog' twice: remove one of them");
    }

    private static List<String> names(String value) {
        DataOptions option = new DataOptions();
        option.classes = Optional.of(value);
        return option.classNames();
    }
}
