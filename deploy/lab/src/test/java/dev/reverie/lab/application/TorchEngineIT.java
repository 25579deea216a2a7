package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.Samples;
import dev.reverie.deploy.EveryMethod;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.deploy.Reverie;
import dev.reverie.deploy.TinyDistillation;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.it.ReverieProcess;
import dev.reverie.deploy.it.ReverieProcess.Ended;
import dev.reverie.deploy.it.ServiceState;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("On libtorch, the application")
@Timeout(300)
class TorchEngineIT {

    private static final Pattern ADDRESS = Pattern.compile("listening on (\\S+)\\R");

    private Path folder = Path.of("");
    private String dataset = "";

    @BeforeEach
    void makeData(@TempDir Path temporary) throws Exception {
        folder = temporary;
        dataset = TinyImageFolder.writeTo(temporary.resolve("data"));
    }

    @Test
    @DisplayName("distils by every method, and says which engine did it")
    void distils() throws Exception {
        try (ReverieProcess process =
                ReverieProcess.startOnLibtorch(folder, EveryMethod.class, List.of(dataset, folder.toString()))) {
            Ended ended = process.await();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
        }

        for (Method method : Method.values()) {
            Path run = folder.resolve(method.label());
            assertThat(NpzFile.read(run.resolve("synthetic.npz")).parameters().count())
                    .as(method.label())
                    .isEqualTo(4);
            assertThat(new ObjectMapper()
                            .readTree(run.resolve("run.json").toFile())
                            .at("/machine/device")
                            .asText())
                    .as(method.label())
                    .startsWith("libtorch 2.");
        }
    }

    @Test
    @DisplayName("shows its demo")
    void demo() throws Exception {
        SmallDemo demo = new SmallDemo(folder);

        demo.assertComplete(run(demo.arguments()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"convnet-2", "convnet-2-bn"})
    @DisplayName("evaluates a set with its own networks, and with those of DeepLearning4J on ND4J")
    void evaluates(String network) throws Exception {
        distilByMoments();

        String options = " --width 8 --steps 20 --repeats 1 --network " + network;
        Ended ended = run(List.of(("evaluate " + set() + " --dataset " + dataset + options).split(" ")));

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).containsPattern("[0-9.]+ %");
    }

    @Test
    @DisplayName("is examined by the doctor together with ND4J, and agrees with it")
    void examined() throws Exception {
        Ended ended = run(List.of("doctor"));

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .containsPattern("(?m)^nd4j      usable: 1\\.0")
                .containsPattern("(?m)^libtorch  usable: 2\\.")
                .containsPattern("(?m)^start     libtorch, because REVERIE_ENGINE=torch$")
                .containsPattern(
                        "(?m)^results   correct: at most \\S+ from double precision and \\S+ between engines, within");
    }

    @Test
    @DisplayName("serves, and learns from what it is sent")
    void serves() throws Exception {
        try (ReverieProcess service = ReverieProcess.startOnLibtorch(
                        folder,
                        Reverie.class,
                        List.of("serve", "--store", folder.resolve("store").toString(), "--port", "0"));
                ReverieClient client =
                        ReverieClient.builder(service.awaitLine(ADDRESS)).build()) {
            for (int number = 0; number < 4; number++) {
                client.deliver(delivery(number));
            }
            ServiceState.awaitLoops(client, 3);

            service.signal("TERM");
            assertThat(service.await().exitCode()).isZero();
        }
    }

    private static Samples delivery(int number) {
        return RandomSamples.of(number, 32, List.of("even", "odd"));
    }

    private void distilByMoments() throws Exception {
        Ended ended = run(TinyDistillation.arguments(dataset, Method.DM, 1, folder.resolve("run")));
        assertThat(ended.exitCode()).as(ended.err()).isZero();
    }

    private Path set() {
        return folder.resolve("run/synthetic.npz");
    }

    private Ended run(List<String> arguments) throws Exception {
        try (ReverieProcess process = ReverieProcess.startOnLibtorch(folder, Reverie.class, arguments)) {
            return process.await();
        }
    }
}
