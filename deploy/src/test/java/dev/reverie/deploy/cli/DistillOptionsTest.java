package dev.reverie.deploy.cli;

import static dev.reverie.deploy.cli.CapturedTerminal.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.observe.MetricsServer;
import dev.reverie.monitoring.MetricsExposition;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("distill rejects, before it starts to work,")
class DistillOptionsTest extends AbstractDistillRefusalTest {

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    --method          | dreem  | unknown method 'dreem'; did you mean dream? The methods are dream, dream-plus, idc, dc, dsa, dm, dance, idm, mtt, ridge, bptt, cafe, tgdd, tile, random, herding, k-center, forgetting, rded, k-means
                    --dtype           | int8   | unknown type 'int8'; did you mean uint8? The types are uint8, float32
                    --networks        | many   | unknown choice 'many'. The choices are fresh, pool, queue, random
                    --ipc             | ten    | Invalid value for option '--ipc': 'ten' is not a whole number
                    --ipc             | 9999999999 | '9999999999' is out of range
                    --learning-rate   | fast   | 'fast' is not a number
                    --ipc             | 0      | --ipc must be from 1 to 1000000, not 0
                    --ipc             | 19     | class 'lower' has only 18 images, and a stored image starts as 4 of them: --ipc can be at most 4
                    --ipc             | 5      | a stored image starts as 4 of them: --ipc can be at most 4
                    --factor          | 17     | --factor must be from 1 to 16, not 17
                    --width           | 0      | --width must be from 1 to 4096, not 0
                    --outer-iterations| -1     | --outer-iterations must be from 0 to 1000000, not -1
                    --inner-loops     | 0      | --inner-loops must be from 1 to 1000000, not 0
                    --interval        | 0      | --interval must be from 1 to 1000000, not 0
                    --representatives | 0      | --representatives must be from 1 to 1000000, not 0
                    --candidates      | 0      | --candidates must be from 1 to 1000000, not 0
                    --learning-rate   | NaN    | --learning-rate is a positive number, not NaN
                    --metrics-port    | 65536  | --metrics-port must be from 1 to 65535, not 65536
                    --experts         | x      | --experts is only for --method mtt and tgdd: add one of them
                    --data            | x      | already names a folder
                    """)
    @DisplayName("bad values")
    void badValues(String option, String value, String message) {
        refuses(message, option, value);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("values that are unknown or out of range, and options that have no effect or contradict each other")
    @CsvSource(
            delimiter = '|',
            value = {
                // parts of a method
                "--representatives nearest | unknown rule 'nearest'. The rules are kmeans, kmeans-core, stratified, random, central, boundary",
                "--representatives kmeans:0 | --representatives must be from 1 to 1000000, not 0",
                "--ipc=2 --per-centroid 33 | --per-centroid 33 is more than the 32 representatives: lower it",
                "--init zeros | unknown initialiser 'zeros'. The initialisers are",
                "--objective feature | unknown objective 'feature'; did you mean features? The objectives are",
                "--distance l2 | unknown distance 'l2'; did you mean l1? The distances are",
                "--decode twice | unknown mode 'twice'. The modes are",
                "--init=kmeans --method herding | --init does not apply to --method herding, which selects images and learns nothing",
                "--per-centroid=2 --method rded | --per-centroid does not apply to --method rded, which selects images and learns nothing",
                "--distance=l1 --method k-means | --distance does not apply to --method k-means, which selects images and learns nothing",
                "--decode=multi --method tile | --decode does not apply to --method tile, which selects images and learns nothing",
                "--learning-rate=1 --method random | --learning-rate does not apply to --method random, which selects images and learns nothing",
                "--networks=pool --method rded | --networks does not apply to --method rded, which selects images and learns nothing",
                "--per-centroid=2 --method mtt | --per-centroid does not apply to --method mtt, whose classes share a loss",
                "--per-centroid=2 --method dm | --per-centroid does not apply to random representatives: omit the option",
                "--per-centroid=2 --representatives stratified | --per-centroid does not apply to stratified representatives",
                "--distance=l1 --objective influence | --distance does not apply to the objective influence, which has a distance of its own",
                "--decode=multi --method dm | --decode does not apply to factor 1, with which each stored image is one image",
                // options without effect
                "--method=herding --outer-iterations=2 | --outer-iterations does not apply to --method herding, which selects images and learns nothing: omit the option",
                "--method=rded --inner-loops=2 | --inner-loops does not apply to --method rded, which selects images",
                "--method=tile --interval=2 | --interval does not apply to --method tile, which selects images",
                "--method=random --width=4 | --width does not apply to --method random, which uses no network",
                "--method=random --architecture=convnet | --architecture does not apply to --method random",
                "--method=mtt --interval=2 | --interval does not apply to --method mtt, whose classes share a loss",
                "--method=idm --interval=2 | --interval does not apply to random representatives: omit the option",
                "--representatives=random --interval=2 | --interval does not apply to random representatives",
                "--method=random --candidates=9 | --candidates does not apply to --method random, which chooses no images",
                "--method=dm --candidates=9 | --candidates does not apply to --method dm, which chooses no images",
                "--method=tgdd --preset=paper --ipc=2 --candidates=9 | --candidates does not apply to --method tgdd",
                // architectures and style terms
                "--architecture=resnet --method=dm | unknown architecture 'resnet'. The architectures"
                        + " are convnet, resnet-10",
                "--architecture=resnet-10 | --architecture resnet-10 does not apply to the objective"
                        + " features-and-gradients, which matches gradients: add --method tgdd",
                "--architecture=convnet,resnet-10 --method=mtt | --architecture resnet-10 does not apply to --method"
                        + " mtt, whose students are ConvNets",
                "--architecture=resnet-10 --method=dm --style-moments=1 | --architecture resnet-10 does not apply to"
                        + " style terms: omit --style-moments",
                "--style-moments=-1 --method=dm | --style-moments must be a number from 0 to 1000000000, not -1",
                "--style-correlations=NaN --method=dm | --style-correlations must be a number from 0 to",
                "--style-moments=1 --method=dream | --style-moments does not apply to the objective gradients, which"
                        + " matches gradients: choose --method dm, or add --objective features",
                "--style-correlations=1 --method=dm --objective=gradients | --style-correlations does not apply to",
                "--style-correlations=1 --method=herding | matches no real images: omit the option, or choose",
                "--style-moments=1 --method=mtt | --style-moments does not apply to --method mtt",
                // evaluations
                "--evaluate-every=0s | '0s' is not a duration; write for example 90s, 5m or 1h30m",
                "--evaluate-width=64 | --evaluate-width is only for runs that are evaluated: add --evaluate-every, or",
                "--evaluate-steps=9 | --evaluate-steps is only for runs that are evaluated: add --evaluate-every, or",
                "--evaluate-every=1s --evaluate-width=0 | --evaluate-width must be from 1 to 4096, not 0",
                "--evaluate-every=1s --evaluate-steps=0 | --evaluate-steps must be from 1 to 1000000, not 0",
                // networks and factors
                "--method dream --unrolled | --unrolled is only for --method mtt, not for dream",
                "--method tgdd --unrolled | --unrolled is only for --method mtt, not for tgdd",
                "--method tgdd --networks pool | --networks does not apply to --method tgdd, whose networks are its experts",
                "--factor 16 --ipc 1 | --factor 16 divides images of",
            })
    void badOptions(String options, String message) {
        refuses(message, words(options));
    }

    @Test
    @DisplayName("an unknown dataset, and lists the known ones")
    void unknownDataset() {
        assertThat(terminal.run("distill", "--dataset", "fashion", "--out", out.toString()))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .contains("unknown dataset 'fashion'", "fashion-mnist")
                .hasLineCount(1);
        assertThat(out).doesNotExist();
    }

    @Test
    @DisplayName("an empty path, which a variable that is not set leaves")
    void emptyPath() {
        refuses("Invalid value for option '--experts': a path is empty; name a file or folder", "--experts", "");
    }

    @Test
    @DisplayName("a metrics port that is in use")
    void portInUse() throws IOException {
        try (MetricsServer other = MetricsServer.start(0, new MetricsExposition().registry())) {
            String port = Integer.toString(other.port());
            refuses("cannot serve metrics on port " + port, "--metrics-port", port);
        }
        assertThat(out).doesNotExist();
    }
}
