using System.Diagnostics.Metrics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Outdial.Ingress.Spool;
using Outdial.Ingress.Telemetry;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Spool;

public sealed class SpoolTests : IDisposable
{
    private readonly string _folder = TemporaryFolder.Make("spool");

    public void Dispose() => TemporaryFolder.Remove(_folder);

    private WebhookSpool Open(long segmentBytes = 8 * 1024 * 1024) => Open(_folder, segmentBytes);

    internal static WebhookSpool Open(string folder, long segmentBytes = 8 * 1024 * 1024)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new WebhookSpool(
            Options.Create(new IngressOptions { SpoolFolder = folder, SpoolSegmentBytes = segmentBytes }), new IngressMetrics(meters),
            NullLogger<WebhookSpool>.Instance);
    }

    private static List<string> Drain(WebhookSpool spool)
    {
        var all = new List<string>();
        for (; spool.TryPeek(out var record); spool.Take())
            all.Add(Encoding.UTF8.GetString(record));
        return all;
    }

    private static byte[] Record(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task Records_come_out_in_the_order_in_which_they_went_in_and_leave_no_file_behind()
    {
        using var spool = Open(segmentBytes: 1_024);
        var expected = Enumerable.Range(0, 200).Select(i => $"record {i} {new string('x', i)}").ToList();
        foreach (var record in expected)
            await spool.AppendAsync(Record(record));
        Assert.Equal(200, spool.Depth);

        Assert.Equal(expected, Drain(spool));

        Assert.Equal(0, spool.Depth);
        Assert.Empty(Directory.GetFiles(_folder, "*.spool"));
    }

    [Fact]
    public async Task Nobody_else_can_read_what_waits_also_where_the_folder_was_open_to_all()
    {
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        using var spool = Open();
        await spool.AppendAsync(Record("From=+919825012345"));

        var aside = spool.SetAside(Record("of another version"));

        OpenToOthers.AssertNothingIn(_folder);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder) & OpenToOthers.Any);
        Assert.Equal("of another version", await File.ReadAllTextAsync(aside));
        Assert.Equal(["From=+919825012345"], Drain(spool));
    }

    [Fact]
    public async Task Appends_of_many_at_once_are_all_kept()
    {
        using (var spool = Open())
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => spool.AppendAsync(Record($"{i}"))));

        using var again = Open();

        Assert.Equal(Enumerable.Range(0, 500), Drain(again).Select(int.Parse).Order());
    }

    [Fact]
    public async Task What_was_not_taken_comes_again_after_a_restart_and_new_records_follow_it()
    {
        using (var spool = Open())
        {
            foreach (var record in new[] { "a", "b", "c" })
                await spool.AppendAsync(Record(record));
            Assert.True(spool.TryPeek(out _));
            spool.Take();
        }

        using var again = Open();
        await again.AppendAsync(Record("d"));

        // "a" was taken, but its segment was not finished: at least once, not exactly once.
        Assert.Equal(["a", "b", "c", "d"], Drain(again));
    }

    [Fact]
    public async Task A_taken_record_is_followed_by_one_that_is_appended_meanwhile()
    {
        using var spool = Open();
        await spool.AppendAsync(Record("a"));
        Assert.Equal(["a"], Drain(spool));
        await spool.AppendAsync(Record("b"));

        Assert.Equal(["b"], Drain(spool));
    }

    [Fact]
    public void Two_processes_do_not_share_a_folder()
    {
        using var first = Open();

        var error = Assert.Throws<InvalidOperationException>(() => Open());

        Assert.Contains("Ingress:SpoolFolder", error.Message);
    }

    [Fact]
    public async Task A_spool_that_cannot_write_says_so_to_everyone_who_waits_and_works_again_later()
    {
        using var spool = Open();
        var aside = _folder + "-aside";
        Directory.Move(_folder, aside);

        await Assert.ThrowsAnyAsync<IOException>(() => spool.AppendAsync(Record("lost")));
        Directory.Move(aside, _folder);
        await spool.AppendAsync(Record("kept"));

        Assert.Equal(["kept"], Drain(spool));
        Assert.Equal(0, spool.Depth);
    }

    [Fact]
    public void A_write_that_was_cut_anywhere_loses_nothing_before_the_cut_and_invents_nothing()
    {
        var records = Gen.NonEmptyListOf(Gen.Choose(0, 300).Select(length => new byte[length]));
        var cases = from list in records from cut in Gen.Choose(0, 100_000) from noise in Gen.ListOf(Gen.Choose(0, 255)) select (list, cut, noise);

        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var random = new Random(x.cut);
            x.list.ToList().ForEach(random.NextBytes);
            var frames = x.list.Select(record => SpoolFrame.Write(record)).ToList();
            var whole = frames.SelectMany(frame => frame).ToArray();
            var cut = x.cut % (whole.Length + 1);
            // After the cut there may be nothing, or what the disk happened to hold.
            byte[] held = [.. whole[..cut], .. x.noise.Select(b => (byte)b)];
            File.WriteAllBytes(Path.Combine(_folder, "000000000007.spool"), held);
            // What it held may, once in a while, be the very byte that was cut off.
            var expected = frames.TakeWhile((_, i) => frames.Take(i + 1).Sum(frame => frame.Length) is var end && end <= held.Length
                && held.AsSpan(0, end).SequenceEqual(whole.AsSpan(0, end))).Count();

            using var spool = Open();

            Assert.Equal(expected, spool.Depth);
            for (var i = 0; i < expected; i++, spool.Take())
            {
                Assert.True(spool.TryPeek(out var record));
                Assert.Equal(x.list.ElementAt(i), record);
            }
            Assert.False(spool.TryPeek(out _));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_flipped_bit_is_never_read_as_a_record()
    {
        Prop.ForAll<byte[], int>((payload, at) =>
        {
            var frame = SpoolFrame.Write(payload ?? []);
            frame[(at & int.MaxValue) % frame.Length] ^= (byte)(1 << (at & 7));
            Assert.False(SpoolFrame.TryRead(frame, out _));
        }).QuickCheckThrowOnFailure();
        Assert.False(SpoolFrame.TryRead(new byte[64], out _));   // a file of zeros
    }
}
