package io.millrace.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the contract in place: topics into Kafka, schemas into the registry. Idempotent, and safe to run in several processes
 * at once; run it before the services start. It creates what is missing and checks what is there; it changes no topic.
 */
public final class Contract {

    private static final Logger LOG = LoggerFactory.getLogger(Contract.class);
    private static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);
    private static final long VISIBLE_POLL_MILLIS = 50;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private Contract() {}

    /**
     * Installs everything.
     *
     * @param admin connected to the cluster; stays open
     * @param registryUrl as for {@link Codecs#connect}
     * @param sizing for topics that are missing; existing ones keep their size
     * @throws IllegalStateException if a topic or a registered schema contradicts the contract: says which and how
     * @throws RegistryUnavailableException if the registry cannot be asked
     * @throws KafkaException if the cluster cannot be asked
     */
    public static void install(Admin admin, String registryUrl, Sizing sizing) {
        topics(admin, sizing);
        schemas(registryUrl);
    }

    /** Creates the topics that are missing and checks all. As {@link #install}, for the first half. */
    public static void topics(Admin admin, Sizing sizing) {
        try {
            Set<String> present = admin.listTopics().names().get();
            create(
                    admin,
                    Topics.all().stream()
                            .filter(topic -> !present.contains(topic.name()))
                            .map(topic -> newTopic(topic, sizing))
                            .toList());
            awaitVisible(admin);
            Map<String, Integer> partitions = new TreeMap<>();
            admin.describeTopics(names())
                    .allTopicNames()
                    .get()
                    .forEach((name, description) ->
                            partitions.put(name, description.partitions().size()));
            checkGroups(partitions);
            checkCleanup(admin);
        } catch (ExecutionException e) {
            throw new KafkaException("installing topics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("installing topics: interrupted", e);
        }
    }

    private static NewTopic newTopic(Topic<?> topic, Sizing sizing) {
        return new NewTopic(topic.name(), sizing.partitions(topic.partitioning()), sizing.replicationFactor())
                .configs(topic.configs());
    }

    private static void create(Admin admin, Collection<NewTopic> missing)
            throws InterruptedException, ExecutionException {
        for (var created : admin.createTopics(missing).values().entrySet()) {
            try {
                created.getValue().get();
                LOG.info("created topic {}", created.getKey());
            } catch (ExecutionException e) {
                // Another process was faster: it follows the same contract.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** Brokers hear of new topics a moment after the controller made them: until then every client would stumble. */
    private static void awaitVisible(Admin admin) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        Set<String> missing = new TreeSet<>(names());
        missing.removeAll(admin.listTopics().names().get());
        while (!missing.isEmpty()) {
            if (System.nanoTime() - start > VISIBLE_WITHIN.toNanos()) {
                throw new KafkaException("topics " + missing + " were created and are not visible after "
                        + VISIBLE_WITHIN.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(VISIBLE_POLL_MILLIS);
            missing.removeAll(admin.listTopics().names().get());
        }
    }

    /** Topics of a group hold the same key in the same partition, or a join would silently miss. */
    private static void checkGroups(Map<String, Integer> partitions) {
        Map<Partitioning, Map<String, Integer>> groups = new EnumMap<>(Partitioning.class);
        for (Topic<?> topic : Topics.all()) {
            Integer count = partitions.get(topic.name());
            if (count != null && topic.partitioning() != Partitioning.ANY) {
                groups.computeIfAbsent(topic.partitioning(), g -> new TreeMap<>())
                        .put(topic.name(), count);
            }
        }
        groups.forEach((group, counts) -> {
            if (new HashSet<>(counts.values()).size() > 1) {
                throw new IllegalStateException(
                        "topics " + group + " must have the same number of partitions, and have " + counts);
            }
        });
    }

    /** A table that deletes by age loses centres; a log that compacts loses facts. */
    private static void checkCleanup(Admin admin) throws InterruptedException, ExecutionException {
        List<ConfigResource> resources = Topics.all().stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                .toList();
        Map<String, Config> configs = admin.describeConfigs(resources).all().get().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
        for (Topic<?> topic : Topics.all()) {
            Config config = configs.get(topic.name());
            String policy = config == null ? "" : config.get("cleanup.policy").value();
            if (!Set.of(policy.split(",", -1))
                    .equals(Set.of(topic.cleanup().policy().split(",", -1)))) {
                throw new IllegalStateException("topic " + topic.name() + " has cleanup.policy=" + policy
                        + ", expected " + topic.cleanup().policy());
            }
        }
    }

    private static List<String> names() {
        return Topics.all().stream().map(Topic::name).toList();
    }

    /** Registers every schema under its subject, with the compatibility rule. As {@link #install}, for the second half. */
    public static void schemas(String registryUrl) {
        SchemaRegistryClient client = Codecs.client(registryUrl);
        try {
            Set<String> subjects = new HashSet<>(client.getAllSubjects());
            for (Map.Entry<String, Schema> entry : subjects().entrySet()) {
                register(client, entry.getKey(), entry.getValue(), subjects.contains(entry.getKey()));
            }
            client.close();
        } catch (IOException | RestClientException e) {
            throw new RegistryUnavailableException("installing schemas at " + registryUrl + ": " + e.getMessage(), e);
        }
    }

    /** Returns every subject of the contract with its schema. */
    static Map<String, Schema> subjects() {
        Map<String, Schema> subjects = new TreeMap<>();
        for (Topic<?> topic : Topics.all()) {
            subjects.put(topic.subject(), Schemas.portable(topic.valueType()));
        }
        for (Class<? extends SpecificRecord> type : Schemas.state()) {
            Schema schema = Schemas.portable(type);
            subjects.put(schema.getFullName(), schema);
        }
        return subjects;
    }

    private static void register(SchemaRegistryClient client, String subject, Schema schema, boolean known)
            throws IOException, RestClientException {
        if (known) {
            // The rule first: this very registration is to be checked against all versions.
            requireCompatibility(client, subject);
        }
        try {
            client.register(subject, new AvroSchema(schema));
        } catch (RestClientException e) {
            if (e.getStatus() == CONFLICT) {
                throw new IllegalStateException(
                        "schema " + schema.getFullName() + " of this release is not " + COMPATIBILITY
                                + " with what is registered under subject " + subject + ": " + e.getMessage(),
                        e);
            }
            throw e;
        }
        if (!known) {
            // Registries refuse a rule for a subject that does not exist yet.
            requireCompatibility(client, subject);
        }
    }

    private static void requireCompatibility(SchemaRegistryClient client, String subject)
            throws IOException, RestClientException {
        if (!COMPATIBILITY.equals(compatibility(client, subject))) {
            client.updateCompatibility(subject, COMPATIBILITY);
        }
    }

    private static String compatibility(SchemaRegistryClient client, String subject)
            throws IOException, RestClientException {
        try {
            String set = client.getCompatibility(subject);
            return set == null ? "" : set;
        } catch (RestClientException e) {
            if (e.getStatus() == NOT_FOUND) {
                return ""; // none of its own: the registry's default
            }
            throw e;
        }
    }
}
