package dev.reverie.streams;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Labels with characters that have a meaning elsewhere. */
public final class AwkwardLabels {

    /**
     * Every printable character of ASCII, then what people, file systems, URIs, pages, shells and tables stumble over.
     */
    public static final List<String> ALL = List.of(
            IntStream.rangeClosed('!', '~').mapToObj(Character::toString).collect(Collectors.joining()),
            "T-shirt/top",
            "tench, Tinca tinca",
            "\"quoted\", twice",
            "dog's",
            "R&B",
            "C++",
            "#1",
            "(x)",
            "50%",
            "%2E%2E",
            "a:b",
            "a\\b",
            "a  b",
            ".",
            "..",
            "../../etc/passwd",
            "seal",
            "images.png",
            "__other__",
            "__proto__",
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "=cmd()",
            "${jndi:x} {}",
            "\u2764\ufe0f",
            "\u05d7\u05ea\u05d5\u05dc",
            "q\u0323\u0307",
            "\u732b",
            "x".repeat(256));

    private AwkwardLabels() {}
}
