package io.millrace.local.scenario;

import io.millrace.schemas.Kind;

/** What requests compete for. Each is filled to the same share by requests of its own. */
enum Resource {
    INTELLIGENT_DEVICES,
    SUPER_DEVICES,
    SUPER_CORES,
    GENERAL_CORES,
    QUANTUM_DEVICES;

    /** How much of it the country has, in thousandths of devices or cores. */
    long capacityMilli(Supply supply) {
        return 1000
                * switch (this) {
                    case INTELLIGENT_DEVICES -> supply.devices(Kind.INTELLIGENT);
                    case SUPER_DEVICES -> supply.devices(Kind.SUPER);
                    case SUPER_CORES -> supply.coresWithoutDevices(Kind.SUPER);
                    case GENERAL_CORES -> supply.coresWithoutDevices(Kind.GENERAL);
                    case QUANTUM_DEVICES -> supply.devices(Kind.QUANTUM);
                };
    }
}
