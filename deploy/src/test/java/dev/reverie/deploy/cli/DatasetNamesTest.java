package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.published.Datasets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

@DisplayName("The published datasets")
class DatasetNamesTest {

    private static final List<String> NAMES = Datasets.names();

    @Test
    @DisplayName("are listed in the help of fetch")
    void ofFetch() {
        String[] help = command("fetch").positionalParameters().getFirst().description();

        assertThat(help)
                .containsExactly("Dataset: " + String.join(", ", NAMES.subList(0, NAMES.size() - 1)) + " or "
                        + NAMES.getLast() + ".");
    }

    @Test
    @DisplayName("are listed in the help of --dataset")
    void ofDataset() {
        String[] help = Optional.ofNullable(command("distill").findOption("--dataset"))
                .orElseThrow()
                .description();

        assertThat(String.join(" ", help)).startsWith("Dataset: " + String.join(", ", NAMES) + ", or folder:PATH ");
    }

    private static CommandSpec command(String name) {
        return Optional.ofNullable(
                        new CapturedTerminal().commandLine().getSubcommands().get(name))
                .orElseThrow()
                .getCommandSpec();
    }
}
