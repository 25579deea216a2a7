package dev.reverie.deploy.config;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.streams.folder.FolderSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Checks and reads the files that a configuration names for the ingest sources and the cluster. */
public final class ConfiguredFiles {

    private ConfiguredFiles() {}

    /**
     * Reads the file with further properties for the Kafka clients; empty if no file is configured.
     *
     * @throws ConfigurationException if the file cannot be read
     */
    public static Map<String, String> kafkaProperties(ServiceConfig config) {
        Properties properties = new Properties();
        config.kafkaProperties().ifPresent(file -> {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationException(
                        List.of(
                                "reverie.kafka.client-properties: " + file
                                        + " cannot be read as a properties file: name a readable file with lines like security.protocol=SSL"));
            }
        });
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toUnmodifiableMap(name -> name, properties::getProperty));
    }

    /**
     * Checks that the folder to watch exists.
     *
     * @throws UncheckedIOException if the folder is missing, as when its drive is not mounted yet
     * @throws ConfigurationException if it is not a folder, or not readable
     */
    public static void requireFolder(FolderSettings watch) {
        Path folder = watch.root();
        if (Files.notExists(folder)) {
            throw new UncheckedIOException(new IOException("reverie.watch.folder: there is no folder " + folder
                    + ": mount its drive, create it, or correct its path"));
        }
        if (!Files.isDirectory(folder) || !Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new ConfigurationException(List.of("reverie.watch.folder: " + folder
                    + " is not a readable folder: correct its path or its permissions"));
        }
    }

    /**
     * Checks the files of a node for TLS, which are read when the node joins.
     *
     * @throws ConfigurationException if a file cannot be used, if users other than the owner have access to the file of
     *     the key, or if the files do not belong together
     */
    public static void requireNode(ClusterSettings settings) {
        settings.tls().ifPresent(tls -> {
            try {
                FileText key = FileText.read(tls.key());
                key.require();
                AccessFiles.requirePrivate(tls.key());
                PemFiles.requireNode(FileText.read(tls.certificate()), key, FileText.read(tls.authority()));
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(List.of("reverie.cluster.tls: " + e.getMessage()));
            }
        });
    }
}
