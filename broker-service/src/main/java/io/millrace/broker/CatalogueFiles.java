package io.millrace.broker;

import io.millrace.broker.catalogue.Catalogue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.ConfigException;

/** Reads the catalogue: the built-in files, then those of the operator. */
final class CatalogueFiles {
    private static final String DEVICES = "devices.csv";
    private static final String EFFICIENCIES = "efficiencies.csv";

    private CatalogueFiles() {}

    static Catalogue read(String devicesFile, String efficienciesFile) {
        Catalogue catalogue = Catalogue.EMPTY
                .withDevices(DEVICES, builtIn(DEVICES))
                .withEfficiencies(EFFICIENCIES, builtIn(EFFICIENCIES));
        try {
            if (!devicesFile.isEmpty()) {
                catalogue = catalogue.withDevices(devicesFile, lines(BrokerConfig.CATALOGUE_DEVICES_FILE, devicesFile));
            }
            if (!efficienciesFile.isEmpty()) {
                catalogue = catalogue.withEfficiencies(
                        efficienciesFile, lines(BrokerConfig.CATALOGUE_EFFICIENCIES_FILE, efficienciesFile));
            }
        } catch (IllegalArgumentException wrong) {
            throw new ConfigException(String.valueOf(wrong.getMessage()));
        }
        return catalogue;
    }

    private static List<String> lines(String key, String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new ConfigException(key, file, "cannot be read as UTF-8 text: " + e);
        }
    }

    private static List<String> builtIn(String name) {
        try (InputStream in = Catalogue.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
