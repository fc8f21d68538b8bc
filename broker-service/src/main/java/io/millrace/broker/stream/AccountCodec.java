package io.millrace.broker.stream;

import io.millrace.broker.queue.AccountUsage;
import io.millrace.schemas.AccountState;
import io.millrace.schemas.ResourceAverage;

/** {@link AccountUsage} and the record that the market's store keeps of it. */
final class AccountCodec {
    private AccountCodec() {}

    static AccountUsage read(AccountState state) {
        return new AccountUsage(
                state.getAccountId(),
                state.getAverages().stream()
                        .map(each -> new AccountUsage.Average(each.getResource(), each.getAmountQ16()))
                        .toList(),
                state.getAveragedAtMillis(),
                state.getWindowEndMillis(),
                state.getSpentMicroDeviceSeconds());
    }

    static AccountState write(AccountUsage usage, String marketId) {
        return new AccountState(
                usage.accountId(),
                marketId,
                usage.averages().stream()
                        .map(each -> new ResourceAverage(each.resource(), each.amountQ16()))
                        .toList(),
                usage.averagedAtMillis(),
                usage.windowEndMillis(),
                usage.spentMicroDeviceSeconds());
    }
}
