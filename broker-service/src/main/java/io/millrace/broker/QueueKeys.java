package io.millrace.broker;

import io.millrace.broker.queue.ClassLimits;
import io.millrace.broker.queue.PriorityClass;
import io.millrace.broker.queue.QueueSettings;
import io.millrace.broker.queue.QueueSettings.Discipline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/** The keys of the queue's rules. All of them decide outcomes. */
final class QueueKeys {
    static final String POLICY = "queue.policy";
    static final String HALF_LIFE_SECONDS = "queue.half.life.seconds";
    static final String AGEING_SECONDS = "queue.ageing.seconds";
    static final String NOTICE_SECONDS = "preemption.notice.seconds";
    static final String WEIGHTS = "accounts.weights";
    static final String CLASSES = "accounts.classes";
    static final String BUDGETS = "accounts.budgets";
    static final String BUDGET_WINDOW_SECONDS = "accounts.budget.window.seconds";

    /** Stands for the accounts that are not named. */
    private static final String ALL_OTHERS = "*";

    private static final long DAY_SECONDS = 86_400;
    private static final long MOST_SECONDS = 366 * DAY_SECONDS;
    private static final long MOST_WEIGHT = 1_000_000;
    private static final long MOST_DEVICE_HOURS = 1_000_000_000;

    private QueueKeys() {}

    static void define(ConfigDef keys) {
        keys.define(
                        POLICY,
                        ConfigDef.Type.STRING,
                        "fair",
                        ValidString.in("fair", "easy", "fifo"),
                        Importance.MEDIUM,
                        "Who of those that wait is next. fifo: who came first, and nobody passes. easy: the same, but who does"
                                + " not delay the first may pass. fair: by class, share of the account and age, passing as"
                                + " with easy, preemption.")
                .define(
                        HALF_LIFE_SECONDS,
                        ConfigDef.Type.LONG,
                        DAY_SECONDS,
                        Range.between(0, MOST_SECONDS),
                        Importance.MEDIUM,
                        "Seconds after which what an account had counts half in its share; 0 if only what it has now counts.")
                .define(
                        AGEING_SECONDS,
                        ConfigDef.Type.LONG,
                        DAY_SECONDS,
                        Range.between(0, MOST_SECONDS),
                        Importance.MEDIUM,
                        "Seconds of waiting that raise a request by one class; above all classes, who came first is first. 0"
                                + " if waiting raises nobody.")
                .define(
                        NOTICE_SECONDS,
                        ConfigDef.Type.LONG,
                        60L,
                        Range.between(1, DAY_SECONDS),
                        Importance.MEDIUM,
                        "Seconds between the notice that an allocation must give way and its end.")
                .define(
                        WEIGHTS,
                        ConfigDef.Type.LIST,
                        "",
                        LambdaValidator.with(
                                (key, value) -> numbers(key, value, 1, MOST_WEIGHT),
                                () -> "account:weight, each 1 to " + MOST_WEIGHT),
                        Importance.MEDIUM,
                        "Weights of accounts, as acme:3,beta:2: an account of weight 3 is entitled to three times the share"
                                + " of one of weight 1, which all others have.")
                .define(
                        CLASSES,
                        ConfigDef.Type.LIST,
                        "",
                        LambdaValidator.with(
                                (key, value) -> classLimits(key, value),
                                () -> "account:class, each " + List.of(PriorityClass.values()) + "; * for all others"),
                        Importance.MEDIUM,
                        "Highest class that accounts may ask for, as acme:URGENT,*:HIGH, where * is everybody who is not named;"
                                + " without it they may ask for any.")
                .define(
                        BUDGETS,
                        ConfigDef.Type.LIST,
                        "",
                        LambdaValidator.with(
                                (key, value) -> numbers(key, value, 0, MOST_DEVICE_HOURS),
                                () -> "account:device-hours, each 0 to " + MOST_DEVICE_HOURS),
                        Importance.MEDIUM,
                        "Most device-hours of accounts in a window and a market, as acme:5000. Work without devices counts"
                                + " nothing; the others have no budget.")
                .define(
                        BUDGET_WINDOW_SECONDS,
                        ConfigDef.Type.LONG,
                        30 * DAY_SECONDS,
                        Range.between(3_600, MOST_SECONDS),
                        Importance.MEDIUM,
                        "Seconds of a window of the budgets; windows begin at multiples of it since 1970.");
    }

    private static Map<String, Long> numbers(String key, Object value, long least, long most) {
        return byAccount(
                key,
                value,
                "account:number with a number from " + least + " to " + most,
                text -> Optional.of(text)
                        .filter(digits -> digits.matches("[0-9]{1,10}"))
                        .map(Long::valueOf)
                        .filter(number -> number >= least && number <= most));
    }

    private static ClassLimits classLimits(String key, Object value) {
        List<PriorityClass> classes = List.of(PriorityClass.values());
        Map<String, PriorityClass> highest = byAccount(
                key,
                value,
                "account:class with one of " + classes,
                text -> classes.stream()
                        .filter(each -> each.name().equals(text))
                        .findFirst());
        PriorityClass others = highest.remove(ALL_OTHERS);
        return new ClassLimits(highest, others == null ? PriorityClass.URGENT : others);
    }

    /** Reads {@code account:value} for each entry; {@code expected} says what it should be, if it is not. */
    private static <T> Map<String, T> byAccount(
            String key, Object value, String expected, Function<String, Optional<T>> read) {
        Map<String, T> values = new HashMap<>();
        for (Object entry : value instanceof List<?> list ? list : List.of()) {
            String text = entry.toString();
            int colon = text.lastIndexOf(':');
            T one = (colon > 0 ? read.apply(text.substring(colon + 1)) : Optional.<T>empty())
                    .orElseThrow(() -> new ConfigException(key, text, "expected " + expected));
            if (values.put(text.substring(0, colon), one) != null) {
                throw new ConfigException(key, text, "the account is named twice");
            }
        }
        return values;
    }

    static ClassLimits classLimits(AbstractConfig config) {
        return classLimits(CLASSES, config.getList(CLASSES));
    }

    static QueueSettings read(AbstractConfig config) {
        Map<String, Integer> weights = new HashMap<>();
        numbers(WEIGHTS, config.getList(WEIGHTS), 1, MOST_WEIGHT)
                .forEach((account, weight) -> weights.put(account, weight.intValue()));
        return new QueueSettings(
                Discipline.valueOf(config.getString(POLICY).toUpperCase(Locale.ROOT)),
                millis(config, HALF_LIFE_SECONDS),
                millis(config, AGEING_SECONDS),
                weights,
                numbers(BUDGETS, config.getList(BUDGETS), 0, MOST_DEVICE_HOURS),
                millis(config, BUDGET_WINDOW_SECONDS),
                millis(config, NOTICE_SECONDS));
    }

    private static long millis(AbstractConfig config, String key) {
        return Duration.ofSeconds(config.getLong(key)).toMillis();
    }
}
