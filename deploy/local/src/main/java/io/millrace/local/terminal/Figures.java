package io.millrace.local.terminal;

import java.util.Locale;

/** Figures as people read them. */
public final class Figures {
    private Figures() {}

    /** {@code 12,345}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Thousandths as units: {@code 12,345} or, if there is a rest, {@code 12,345.5}. */
    public static String fromMilli(long milli) {
        return milli % 1000 == 0
                ? count(milli / 1000)
                : String.format(Locale.ROOT, "%,.3f", milli / 1000.0).replaceAll("0+$", "");
    }

    /** Thousandths as units, rounded down: for totals, where a thousandth is noise. */
    public static String wholeFromMilli(long milli) {
        return count(Math.floorDiv(milli, 1000));
    }

    /** Millionths of a CNY as CNY: {@code 12.50}. */
    public static String cny(long microCny) {
        return String.format(Locale.ROOT, "%,.2f", microCny / 1e6);
    }

    /** MiB as GiB or TiB, rounded. */
    public static String memory(long mib) {
        double gib = mib / 1024.0;
        return gib < 10_000
                ? String.format(Locale.ROOT, "%,.0f GiB", gib)
                : String.format(Locale.ROOT, "%,.0f TiB", gib / 1024);
    }

    /** Storage, as {@code 2,048 GiB at 500 MiB/s}; what there is none of is left out. */
    public static String storage(long gib, long mibPerSecond) {
        String speed = count(mibPerSecond) + " MiB/s";
        if (gib == 0) {
            return mibPerSecond == 0 ? "-" : speed;
        }
        return memory(1024 * gib) + (mibPerSecond == 0 ? "" : " at " + speed);
    }

    /** 10^9 operations per second as TFLOPS, PFLOPS or EFLOPS: three figures. */
    public static String operations(long gigaOpsPerSecond) {
        double value = gigaOpsPerSecond;
        String[] units = {"GOPS", "TOPS", "POPS", "EOPS"};
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(
                Locale.ROOT, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }

    /** A rate: {@code 0.3}, {@code 19.8}, {@code 203}. */
    public static String rate(double perSecond) {
        return perSecond < 100 ? String.format(Locale.ROOT, "%.1f", perSecond) : count(Math.round(perSecond));
    }

    /** {@code 45 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 4 d 1 h}. */
    public static String duration(long millis) {
        long seconds = Math.max(0, Math.round(millis / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h" + (seconds / 60 % 60 == 0 ? "" : " " + seconds / 60 % 60 + " min");
        }
        return seconds / 86_400 + " d" + (seconds / 3600 % 24 == 0 ? "" : " " + seconds / 3600 % 24 + " h");
    }
}
