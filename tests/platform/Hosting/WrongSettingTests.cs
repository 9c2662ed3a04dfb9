using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Tests.Hosting;

/// <summary>A setting that cannot be meant ends a program with 78 and a sentence: which, what it is, what was expected.</summary>
public sealed class WrongSettingTests
{
    [Theory]
    [InlineData("Messaging:PollInterval", "abc", "Messaging:PollInterval is 'abc'; expected a duration such as 00:01:30 (a bare number counts days).")]
    [InlineData("Messaging:PollInterval", "90", "Messaging:PollInterval is '90'; expected a duration such as 00:01:30 (a bare number counts days), above zero and at most 7 days.")]
    [InlineData("Messaging:PollInterval", "00:00:00", "Messaging:PollInterval is '00:00:00'; expected a duration such as 00:01:30 (a bare number counts days), above zero and at most 7 days.")]
    [InlineData("Messaging:ConfirmTimeout", "-00:00:02", "Messaging:ConfirmTimeout is '-00:00:02'; expected a duration")]
    [InlineData("Messaging:Prefetch", "many", "Messaging:Prefetch is 'many'; expected a whole number.")]
    [InlineData("Messaging:Prefetch", "0", "Messaging:Prefetch is '0'; expected 1 to 10000.")]
    [InlineData("Messaging:QuorumQueues", "yes", "Messaging:QuorumQueues is 'yes'; expected true or false.")]
    [InlineData("Messaging:Transport", "kafka", "Messaging:Transport is 'kafka' and must be memory or rabbitmq.")]
    [InlineData("Messaging:Endpoints:originate-call:Concurrency", "0", "Messaging:Endpoints:originate-call:Concurrency is '0'; expected 1 to 1000.")]
    [InlineData("Database:MaxPoolSize", "-1", "Database:MaxPoolSize is '-1'; expected 1 to 10000.")]
    [InlineData("Database:StartTimeout", "1m", "Database:StartTimeout is '1m'; expected a duration")]
    [InlineData("Shutdown:Notice", "-00:00:01", "Shutdown:Notice is '-00:00:01'; expected a duration such as 00:01:30 (a bare number counts days) from 00:00:00 to 00:10:00.")]
    [InlineData("Shutdown:Notice", "soon", "Shutdown:Notice is 'soon'; expected a duration")]
    [InlineData("Streams:PerKey", "0", "Streams:PerKey is '0'; expected 1 to 100000.")]
    [InlineData("Metrics:KeptFor", "1", "Metrics:KeptFor is '1'; expected a duration")]
    [InlineData("Clock:Speed", "fast", "Clock:Speed is 'fast'; expected a number above 0 and at most 10000, such as 60.")]
    [InlineData("Logs:Format", "xml", "Logs:Format is 'xml'; expected simple or json.")]
    [InlineData("ConnectionStrings:test", " ", "ConnectionStrings:test is missing: name the PostgreSQL database of the test service")]
    public async Task It_ends_the_program_with_78_and_a_sentence(string setting, string value, string sentence)
    {
        var (exit, said) = await ErrorOutput.Of(() => Run(setting, value));

        Assert.Equal(78, exit);
        Assert.Contains("Configuration: " + sentence, said);
        Assert.DoesNotContain("   at ", said);   // no stack trace
        Assert.DoesNotContain("DataAnnotation", said);
    }

    [Fact]
    public async Task A_placeholder_of_the_examples_is_refused_by_its_name_and_half_a_secret_is_not_shown()
    {
        var (exit, said) = await ErrorOutput.Of(() => Run("Accounts:default:ApiKey", "abcdefgh-REPLACE-ME"));

        Assert.Equal(78, exit);
        Assert.Equal(
            "Configuration: Accounts:default:ApiKey still has the placeholder REPLACE-ME of the example; expected a value of this installation.", said.Trim());
    }

    [Fact]
    public async Task A_program_tells_its_version_without_looking_at_any_setting()
    {
        var exit = await ServiceRun.RunProgramAsync(["--version"], _ => throw new InvalidOperationException("nothing is put together"), _ => { });

        Assert.Equal(0, exit);
    }

    [Fact]
    public async Task A_defect_of_ours_is_not_taken_for_a_setting()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServiceRun.RunProgramAsync([], _ => throw new InvalidOperationException("Sequence contains no elements"), _ => { }));
    }

    private static Task<int> Run(string setting, string value) => ServiceRun.RunProgramAsync(
        ["--ConnectionStrings:test", "Host=127.0.0.1;Port=1;Username=u;Password=p;Database=d", "--urls", "http://127.0.0.1:0", $"--{setting}={value}"],
        builder =>
        {
            builder.AddServiceDefaults("test");
            builder.Logging.ClearProviders();
            builder.AddDatabase<TestDb>("test").AddBus();
        },
        _ => { });
}
