package dev.reverie.actors.cluster;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import org.apache.pekko.cluster.Valid;
import org.apache.pekko.japi.Util;
import scala.collection.immutable.Seq;

/**
 * Keeps a node out of a cluster if its settings would let it learn or store other things than the other nodes. Pekko
 * creates it by its class name.
 */
public final class AgreementCheck extends JoinConfigCompatChecker {

    /** Key of the text with all agreed settings. One key, because a checker must name its keys in advance. */
    static final String KEY = "reverie.cluster-agreement";

    private static final String MEMBERS = "reverie.cluster.members";

    /**
     * Returns the agreed settings as text, one per line. A value without line breaks and backslashes is written as it
     * is, so that nodes of earlier versions, which escape nothing, agree.
     */
    static String text(Map<String, String> agreement, int members) {
        Map<String, String> all = new TreeMap<>(agreement);
        all.put(MEMBERS, String.valueOf(members));
        return all.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + escaped(setting.getValue()))
                .collect(Collectors.joining("\n"));
    }

    /** Escapes line breaks, and backslashes, so that different values have different texts. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    @Override
    public Seq<String> requiredKeys() {
        return Util.immutableSeq(List.of(KEY));
    }

    /** Compares the settings that both nodes know; each of the two nodes does so. */
    @Override
    public ConfigValidation check(Config other, Config own) {
        if (!other.hasPath(KEY)) {
            return new Invalid(
                    Util.immutableSeq(List.of("the other node is not a node of Reverie: correct the seeds")));
        }
        Map<String, String> expected = settings(own);
        List<String> differences = settings(other).entrySet().stream()
                .filter(setting -> !expected.getOrDefault(setting.getKey(), setting.getValue())
                        .equals(setting.getValue()))
                .map(setting -> setting.getKey() + " is " + expected.get(setting.getKey()) + " on one node and "
                        + setting.getValue() + " on another: set it to the same value on every node")
                .toList();
        return differences.isEmpty() ? Valid.getInstance() : new Invalid(Util.immutableSeq(differences));
    }

    private static Map<String, String> settings(Config config) {
        return config.getString(KEY)
                .lines()
                .filter(line -> line.contains("=")) // a node of an earlier version does not escape line breaks
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (one, _) -> one, TreeMap::new));
    }
}
