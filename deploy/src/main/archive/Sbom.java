import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Makes the list of components (SBOM, in CycloneDX) of the archive from the list that Maven wrote for the application:
 * it keeps the jars that are in the archive, gives the digest of each as it is there, and adds the Java runtime.
 *
 * <p>Usage: {@code java -cp "LIB/*" Sbom.java BOM ROOT FOLDER APPLICATION OUTPUT}, with the folder of the jars below the
 * root of the archive, and the name of the jar that the list describes.
 */
final class Sbom {

    private static final Pattern PACKAGE =
            Pattern.compile("pkg:maven/[^/]+/(?<name>[^@]+)@(?<version>[^?]+)(?:\\?(?<qualifiers>.*))?");
    private static final Pattern CLASSIFIER = Pattern.compile("(?:^|&)classifier=([^&]+)");
    private static final String RUNTIME = "java-runtime";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final ObjectNode bom;
    private final String folder;
    private final String application;
    private final Map<String, Path> jars;

    private Sbom(ObjectNode bom, String folder, String application, Map<String, Path> jars) {
        this.bom = bom;
        this.folder = folder;
        this.application = application;
        this.jars = new TreeMap<>(jars);
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[1], arguments[2]))) {
            jars = files.filter(Files::isRegularFile).collect(toMap(file -> file.getFileName().toString(), file -> file));
        }
        Sbom sbom = new Sbom(
                (ObjectNode) JSON.readTree(Path.of(arguments[0]).toFile()), arguments[2], arguments[3], jars);
        sbom.complete();
        Files.writeString(Path.of(arguments[4]), JSON.writeValueAsString(sbom.bom) + "\n");
    }

    private void complete() throws IOException {
        bom.remove("serialNumber"); // it and the time would differ from build to build
        ObjectNode metadata = (ObjectNode) bom.get("metadata");
        metadata.remove("timestamp");
        locate((ObjectNode) metadata.get("component"), application);
        List<JsonNode> components = new ArrayList<>();
        for (JsonNode component : bom.get("components")) {
            String file = fileOf(component.get("purl").asText());
            if (jars.containsKey(file)) {
                locate((ObjectNode) component, file);
                components.add(component);
            }
        }
        if (!jars.isEmpty()) {
            throw new IllegalStateException("these jars are not in the list of Maven: " + jars.keySet());
        }
        components.add(runtime());
        components.sort(Comparator.comparing(Sbom::reference));
        bom.set("components", JSON.createArrayNode().addAll(components));
        keepDependencies(Stream.concat(Stream.of(metadata.get("component")), components.stream())
                .map(Sbom::reference)
                .collect(toSet()));
    }

    /** Adds the place and the digest of a jar, and notes whether it differs from the published one. */
    private void locate(ObjectNode component, String file) throws IOException {
        String digest = sha256(Optional.ofNullable(jars.remove(file))
                .orElseThrow(() -> new IllegalStateException(file + " is not in " + folder + ": build it first")));
        boolean repacked = component.has("hashes")
                && StreamSupport.stream(component.get("hashes").spliterator(), false)
                        .noneMatch(hash -> hash.get("content").asText().equals(digest));
        if (repacked) {
            component.putObject("pedigree").put("notes", "without the native libraries for other platforms");
        }
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", digest);
        component.putObject("evidence").putArray("occurrences").addObject().put("location", folder + "/" + file);
    }

    private static ObjectNode runtime() {
        String version = System.getProperty("java.runtime.version");
        ObjectNode runtime = JSON.createObjectNode()
                .put("type", "platform")
                .put("bom-ref", RUNTIME)
                .put("publisher", System.getProperty("java.vendor"))
                .put("name", "OpenJDK")
                .put("version", version)
                .put("purl", "pkg:generic/openjdk@" + URLEncoder.encode(version, StandardCharsets.UTF_8));
        runtime.putObject("evidence").putArray("occurrences").addObject().put("location", "runtime");
        return runtime;
    }

    private void keepDependencies(Set<String> references) {
        Predicate<JsonNode> kept = reference -> references.contains(reference.asText());
        ArrayNode dependencies = JSON.createArrayNode();
        for (JsonNode node : bom.get("dependencies")) {
            if (kept.test(node.get("ref"))) {
                ArrayNode on = JSON.createArrayNode();
                node.path("dependsOn").forEach(reference -> {
                    if (kept.test(reference)) {
                        on.add(reference);
                    }
                });
                dependencies.addObject().<ObjectNode>set("ref", node.get("ref")).set("dependsOn", on);
            }
        }
        bom.set("dependencies", dependencies);
    }

    /** Returns the name of the file of a package, for example {@code sqlite-jdbc-3.54.1.0.jar}. */
    private static String fileOf(String purl) {
        Matcher matcher = PACKAGE.matcher(purl);
        if (!matcher.matches()) {
            throw new IllegalStateException("not a Maven package: " + purl);
        }
        String qualifiers = matcher.group("qualifiers") == null ? "" : matcher.group("qualifiers");
        Matcher classifier = CLASSIFIER.matcher(qualifiers);
        return matcher.group("name") + "-" + matcher.group("version")
                + (classifier.find() ? "-" + classifier.group(1) : "") + ".jar";
    }

    private static String reference(JsonNode component) {
        return component.get("bom-ref").asText();
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
