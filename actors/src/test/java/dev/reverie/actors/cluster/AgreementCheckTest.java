package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.Valid;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The check whether two nodes agree")
class AgreementCheckTest {

    private static final String FOLDER = "reverie.watch.folder";
    private static final int MEMBERS = 3;

    @Test
    @DisplayName("passes for equal values and fails for different ones")
    void compares() {
        assertThat(check(node("/in"), node("/in"))).isEqualTo(Valid.getInstance());
        assertThat(check(node("/out"), node("/in"))).isInstanceOf(Invalid.class);
    }

    @Test
    @DisplayName("compares values with line breaks as a whole")
    void lineBreaks() {
        assertThat(check(node("/in\nbox\r"), node("/in\nbox\r"))).isEqualTo(Valid.getInstance());
        assertThat(check(node("/in\nfolder\r"), node("/in\nbox\r"))).isInstanceOf(Invalid.class);
    }

    @Test
    @DisplayName("tells a line break from a backslash and a letter")
    void backslashes() {
        assertThat(check(node("/in\\nbox"), node("/in\nbox"))).isInstanceOf(Invalid.class);
        assertThat(check(node("/in\\rbox"), node("/in\rbox"))).isInstanceOf(Invalid.class);
    }

    @Test
    @DisplayName("compares values without line breaks as earlier versions do")
    void unchangedText() {
        String text = AgreementCheck.text(Map.of("reverie.b", "x=1", "reverie.a", "/ä b"), MEMBERS);

        assertThat(text).isEqualTo("reverie.a=/ä b\nreverie.b=x=1\nreverie.cluster.members=3");
    }

    @Test
    @DisplayName("fails with a reason for a node of an earlier version, whose text has a line break in a value")
    void earlierVersion() {
        Config earlier = ConfigFactory.parseMap(Map.of(AgreementCheck.KEY, FOLDER + "=/in\nbox"));

        ConfigValidation validation = check(earlier, node("/in\nbox"));

        assertThat(validation.toString()).contains(FOLDER + " is /in\\nbox on one node and /in on another");
    }

    private static Config node(String folder) {
        return ConfigFactory.parseMap(Map.of(AgreementCheck.KEY, AgreementCheck.text(Map.of(FOLDER, folder), MEMBERS)));
    }

    private static ConfigValidation check(Config other, Config own) {
        return new AgreementCheck().check(other, own);
    }
}
