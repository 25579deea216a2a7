package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.it.ReverieProcess;
import dev.reverie.deploy.it.ReverieProcess.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The demo")
class DemoIT {

    @Test
    @DisplayName("says where the distilled set is if Ctrl-C ends the evaluation")
    void interrupted(@TempDir Path folder) throws Exception {
        List<String> arguments = new ArrayList<>(new SmallDemo(folder).arguments());
        arguments.set(arguments.indexOf("--steps") + 1, "1000000");

        Ended ended;
        try (ReverieProcess process = ReverieProcess.start(folder, arguments)) {
            process.awaitLine(Pattern.compile("(?m)^(Evaluating).*$"));
            process.signal("INT");
            ended = process.await();
        }

        Path distilled = folder.resolve("demo/dream");
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
        assertThat(ended.err())
                .contains("Stopping without the report")
                .contains("Interrupted. The distilled set so far is in " + distilled + ".")
                .doesNotContain("Exception");
        assertThat(distilled.resolve("synthetic.npz")).isNotEmptyFile();
    }
}
