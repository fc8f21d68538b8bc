package io.millrace.broker.stream;

import io.millrace.broker.queue.AccountUsage;
import io.millrace.schemas.AccountState;
import java.time.Instant;

/** {@link AccountUsage} and the record that the market's store keeps of it. */
final class AccountCodec {
    private AccountCodec() {}

    static AccountUsage read(AccountState state) {
        return new AccountUsage(
                state.getAccountId(),
                state.getAverageMilliDevicesQ16(),
                state.getAverageCpuMillicoresQ16(),
                state.getAverageMemoryMibQ16(),
                state.getAveragedAtMillis().toEpochMilli(),
                state.getWindowEndMillis().toEpochMilli(),
                state.getSpentMicroDeviceSeconds());
    }

    static AccountState write(AccountUsage usage, String marketId) {
        return new AccountState(
                usage.accountId(),
                marketId,
                usage.averageMilliDevicesQ16(),
                usage.averageCpuMillicoresQ16(),
                usage.averageMemoryMibQ16(),
                Instant.ofEpochMilli(usage.averagedAtMillis()),
                Instant.ofEpochMilli(usage.windowEndMillis()),
                usage.spentMicroDeviceSeconds());
    }
}
