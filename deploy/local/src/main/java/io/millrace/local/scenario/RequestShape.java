package io.millrace.local.scenario;

import io.millrace.schemas.ComputeSpec;
import io.millrace.schemas.Kind;
import java.util.SplittableRandom;

/** What tenants typically ask for, with the share of requests that ask for it. */
enum RequestShape {
    /** A part of one card, to answer with a model. */
    INFERENCE(30, Resource.INTELLIGENT_DEVICES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return devices(1, 1, 2, 12)
                    .setKind(Kind.INTELLIGENT)
                    .setMilliPerDevice(100 * (1 + random.nextInt(5)))
                    .setModels(market.anyOrSome(random, 0.7));
        }
    },
    /** One card, to develop or to tune. */
    SINGLE_CARD(22, Resource.INTELLIGENT_DEVICES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return devices(1, 1, 6, 48).setKind(Kind.INTELLIGENT).setModels(market.anyOrSome(random, 0.35));
        }
    },
    /** Two or four cards of a server. */
    FEW_CARDS(9, Resource.INTELLIGENT_DEVICES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return devices(1, random.nextBoolean() ? 2 : 4, 6, 48)
                    .setKind(Kind.INTELLIGENT)
                    .setModels(market.anyOrSome(random, 0.2));
        }
    },
    /** A whole server of cards. */
    WHOLE_NODE(6, Resource.INTELLIGENT_DEVICES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return trainingData(devices(1, 8, 6, 48)).setKind(Kind.INTELLIGENT).setModels(market.anyOrSome(random, 0));
        }
    },
    /** Training over several servers: all or nothing. */
    GANG(2, Resource.INTELLIGENT_DEVICES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return trainingData(devices(2 + random.nextInt(7), 8, 6, 48))
                    .setKind(Kind.INTELLIGENT)
                    .setModels(market.anyOrSome(random, 0));
        }
    },
    /** Simulation on accelerators with FP64. */
    SIMULATION(4, Resource.SUPER_DEVICES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return devices(1 + random.nextInt(3), 4, 4, 24)
                    .setKind(Kind.SUPER)
                    .setStorageGib(1_000)
                    .setStorageMibPerSecond(1_000);
        }
    },
    /** Simulation on cores. */
    CORE_SIMULATION(2, Resource.SUPER_CORES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return cores(1 + random.nextInt(4), 32, 4).setKind(Kind.SUPER);
        }
    },
    /** Ordinary work on CPUs: build farms, data preparation, services. */
    BATCH(24, Resource.GENERAL_CORES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return cores(1 + random.nextInt(8), 8 << random.nextInt(4), 3).setKind(Kind.GENERAL);
        }
    },
    /** Shots on a quantum processor. */
    QUANTUM_CIRCUIT(1, Resource.QUANTUM_DEVICES) {
        @Override
        ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market) {
            return devices(1, 1, 2, 8).setKind(Kind.QUANTUM);
        }
    };

    private static final long MIB_PER_GIB = 1024;

    private final int weight;
    private final Resource resource;

    RequestShape(int weight, Resource resource) {
        this.weight = weight;
        this.resource = resource;
    }

    /** A request of this shape, without its term. */
    abstract ComputeSpec.Builder draw(SplittableRandom random, ModelMarket market);

    /** What it competes for. */
    Resource resource() {
        return resource;
    }

    /** How much of it a request takes, in thousandths of devices or cores. */
    long sizeMilli(ComputeSpec.Builder spec) {
        return spec.getDevices() > 0
                ? (long) spec.getReplicas() * spec.getDevices() * spec.getMilliPerDevice()
                : spec.getReplicas() * spec.getCpuMillicores();
    }

    static RequestShape any(SplittableRandom random) {
        int sum = 0;
        for (RequestShape shape : values()) {
            sum += shape.weight;
        }
        int left = random.nextInt(sum);
        for (RequestShape shape : values()) {
            left -= shape.weight;
            if (left < 0) {
                return shape;
            }
        }
        throw new IllegalStateException("weights do not add up");
    }

    private static ComputeSpec.Builder devices(int replicas, int devices, int coresPerDevice, int gibPerDevice) {
        return ComputeSpec.newBuilder()
                .setReplicas(replicas)
                .setDevices(devices)
                .setMilliPerDevice(1000) // said, because sizeMilli reads the builder, which knows no defaults
                .setCpuMillicores(1000L * devices * coresPerDevice)
                .setMemoryMib(MIB_PER_GIB * devices * gibPerDevice);
    }

    /** Room for samples and checkpoints on each server, and fast enough to keep its cards busy. */
    private static ComputeSpec.Builder trainingData(ComputeSpec.Builder spec) {
        return spec.setStorageGib(4_000).setStorageMibPerSecond(2_000);
    }

    private static ComputeSpec.Builder cores(int replicas, int cores, int gibPerCore) {
        return ComputeSpec.newBuilder()
                .setReplicas(replicas)
                .setCpuMillicores(cores * 1000L)
                .setMemoryMib(MIB_PER_GIB * cores * gibPerCore);
    }
}
