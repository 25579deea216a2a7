package dev.reverie.deploy.history;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Checks the history in a file again and prints the verdict. Arguments: the file, and optionally a
 * {@link DeliveryRule}, by default {@link DeliveryRule#WHOLE}.
 */
public final class CheckHistory {

    private CheckHistory() {}

    public static void main(String[] args) throws IOException {
        DeliveryRule rule = args.length > 1 ? DeliveryRule.valueOf(args[1]) : DeliveryRule.WHOLE;
        System.out.println(HistoryChecker.check(HistoryFile.read(Path.of(args[0])), rule));
    }
}
