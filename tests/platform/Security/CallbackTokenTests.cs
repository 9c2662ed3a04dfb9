using System.Buffers.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Security;

public sealed class CallbackTokenTests
{
    private const string Key = "a-signing-key-of-the-tests-which-is-long";
    private static readonly FakeTimeProvider Now = new();
    private static readonly CallbackTokens Tokens = With(Key);

    private static readonly CallbackPurpose[] Any = Enum.GetValues<CallbackPurpose>();

    private static readonly Arbitrary<CallbackClaims> AnyClaims = (
        from purpose in Gen.Elements(Enum.GetValues<CallbackPurpose>())
        from subject in ArbMap.Default.GeneratorFor<Guid>()
        from length in Gen.Choose(0, CallbackTokens.LongestAccount)
        from account in Gen.ArrayOf(Gen.Elements("abcxyz0189-_. ".ToCharArray()), length)
        from seconds in Gen.Choose(1, int.MaxValue)
        from trace in Gen.OneOf(Gen.Constant<string?>(null), AnyTrace())
        select new CallbackClaims(purpose, subject, new string(account), Now.GetUtcNow().AddSeconds(seconds), trace)).ToArbitrary();

    [Fact]
    public void What_was_issued_is_read_back_and_fits_into_128_characters() => Prop.ForAll(AnyClaims, claims =>
    {
        var token = Tokens.Issue(claims);

        return Tokens.TryRead(token, [claims.Purpose], out var read, out _) && read == claims && token.Length <= 128
            && Uri.EscapeDataString(token) == token;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_token_with_any_bit_flipped_is_refused() => Prop.ForAll(AnyClaims, claims =>
    {
        var genuine = Base64Url.DecodeFromChars(Tokens.Issue(claims));

        return Enumerable.Range(0, genuine.Length * 8).All(bit =>
        {
            var forged = (byte[])genuine.Clone();
            forged[bit / 8] ^= (byte)(1 << bit % 8);
            return !Tokens.TryRead(Base64Url.EncodeToString(forged), Any, out var read, out _) && read is null;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_token_with_any_character_changed_is_refused() => Prop.ForAll(AnyClaims, claims =>
    {
        // Of the last character, some bits carry nothing: two spellings of the same bytes must not both be believed.
        var genuine = Tokens.Issue(claims);

        return Enumerable.Range(0, genuine.Length).All(at => "ABYZaz09-_=%".Where(letter => letter != genuine[at]).All(letter =>
            !Tokens.TryRead(string.Concat(genuine.AsSpan(0, at), letter.ToString(), genuine.AsSpan(at + 1)), Any, out _, out _)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_token_opens_addresses_of_its_own_purpose_and_no_others() => Prop.ForAll(AnyClaims, claims =>
    {
        var token = Tokens.Issue(claims);

        return Any.All(purpose => Tokens.TryRead(token, [purpose], out _, out var refusal) == (purpose == claims.Purpose)
            && refusal == (purpose == claims.Purpose ? TokenRefusal.None : TokenRefusal.WrongPurpose));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("status", CallbackPurpose.Attempt)]
    [InlineData("line", CallbackPurpose.Line)]
    [InlineData("passthru", CallbackPurpose.Passthru)]
    [InlineData("popup", CallbackPurpose.Popup)]
    [InlineData("dialed", CallbackPurpose.Dialed)]
    [InlineData("heartbeat", CallbackPurpose.Heartbeat)]
    [InlineData("events", CallbackPurpose.Attempt, CallbackPurpose.Events)]
    [InlineData("STATUS", CallbackPurpose.Attempt)]
    [InlineData("a-word-that-we-never-gave-out")]
    [InlineData(null)]
    public void Each_kind_of_webhook_is_opened_by_its_own_purpose(string? kind, params CallbackPurpose[] purposes) =>
        Assert.Equal(purposes, CallbackPurposes.OfWebhook(kind));

    [Fact]
    public void A_token_from_before_purposes_opens_what_its_attempt_or_line_is_told_by_and_nothing_of_the_account()
    {
        var call = Guid.CreateVersion7();
        var ofCall = FirstVersion(call);
        var ofAccount = FirstVersion(null);

        Assert.True(Tokens.TryRead(ofCall, CallbackPurposes.OfWebhook("status"), out var attempt, out _));
        Assert.True(Tokens.TryRead(ofCall, CallbackPurposes.OfWebhook("line"), out var line, out _));
        Assert.Equal((CallbackPurpose.Attempt, call, CallbackPurpose.Line, call), (attempt.Purpose, attempt.Subject, line.Purpose, line.Subject));
        Assert.All(new[] { "passthru", "popup", "dialed", "heartbeat" }, kind =>
            Assert.False(Tokens.TryRead(ofCall, CallbackPurposes.OfWebhook(kind), out _, out _)));
        Assert.False(Tokens.TryRead(ofCall, CallbackPurposes.DialWhom, out _, out _));
        Assert.All(Any, purpose => Assert.False(Tokens.TryRead(ofAccount, [purpose], out _, out _)));
    }

    [Fact]
    public void An_echo_is_read_back_for_its_account_alone_and_not_when_it_was_changed() => Prop.ForAll(AnyClaims, claims =>
    {
        var echoes = new CallbackEchoes(Options.Create(new CallbackTokenOptions { SigningKey = Key }));
        var echo = echoes.Of(claims.Subject, claims.Account);

        return echo.Length <= 128 && echo.StartsWith(claims.Subject.ToString("D"), StringComparison.Ordinal)
            && echoes.Read(claims.Account, echo) == claims.Subject
            && echoes.Read(claims.Account + "x", echo) is null
            && echoes.Read(claims.Account, claims.Subject.ToString()) is null
            && Enumerable.Range(0, echo.Length)
                .All(at => echoes.Read(claims.Account, string.Concat(echo.AsSpan(0, at), echo[at] == 'a' ? "b" : "a", echo.AsSpan(at + 1))) is null);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rubbish_as_an_echo_is_nothing() => Prop.ForAll<string?>(text =>
        new CallbackEchoes(Options.Create(new CallbackTokenOptions { SigningKey = Key })).Read("default", text) is null).QuickCheckThrowOnFailure();

    [Fact]
    public void Rubbish_is_refused_and_never_thrown_at() => Prop.ForAll<string?>(text =>
        !Tokens.TryRead(text, Any, out var claims, out var refusal) && claims is null && refusal != TokenRefusal.None).QuickCheckThrowOnFailure();

    [Fact]
    public void A_token_is_refused_from_its_expiry_on_and_still_says_whose_it_was()
    {
        var clock = new FakeTimeProvider();
        var tokens = With(Key, clock: clock);
        var claims = new CallbackClaims(CallbackPurpose.Attempt, Guid.CreateVersion7(), "default", clock.GetUtcNow().AddHours(1));
        var token = tokens.Issue(claims);

        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.True(tokens.TryRead(token, Any, out _, out _));
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.False(tokens.TryRead(token, Any, out var read, out var refusal));
        Assert.Equal((TokenRefusal.Expired, claims), (refusal, read));
    }

    [Fact]
    public void After_a_rotation_old_tokens_are_believed_and_new_ones_bear_the_new_key()
    {
        const string old = "the-key-before-the-rotation-0123456", fresh = "the-key-after-the-rotation-01234567";
        var claims = new CallbackClaims(CallbackPurpose.Attempt, Guid.CreateVersion7(), "default", Now.GetUtcNow().AddHours(1));
        var rotated = With(fresh, old);

        Assert.True(rotated.TryRead(With(old).Issue(claims), Any, out _, out _));
        Assert.True(With(fresh).TryRead(rotated.Issue(claims), Any, out _, out _));
        Assert.False(With(old).TryRead(rotated.Issue(claims), Any, out _, out var refusal));
        Assert.Equal(TokenRefusal.WrongSignature, refusal);
    }

    [Fact]
    public void A_trace_context_that_makes_no_sense_does_not_stop_the_call()
    {
        var token = Tokens.Issue(new CallbackClaims(CallbackPurpose.Popup, Guid.CreateVersion7(), "default", Now.GetUtcNow().AddHours(1), "nonsense"));

        Assert.True(Tokens.TryRead(token, Any, out var claims, out _));
        Assert.Null(claims.TraceParent);
    }

    [Theory]
    [InlineData(null, "Webhooks:SigningKey is missing")]
    [InlineData("too-short", "Webhooks:SigningKey has 9 characters; at least 32 are needed.")]
    public async Task A_service_with_a_bad_signing_key_does_not_start(string? key, string sentence)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => ServiceUnderTest.Start(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Webhooks:SigningKey"] = key });
            builder.AddCallbackTokens();
        }));

        Assert.StartsWith(sentence, failure.Failures.Single());
    }

    private static Gen<string?> AnyTrace() =>
        from bytes in Gen.ArrayOf(Gen.Choose(1, 255), 24)
        from flags in Gen.Choose(0, 1)
        let hex = Convert.ToHexStringLower(bytes.Select(value => (byte)value).ToArray())
        select (string?)$"00-{hex[..32]}-{hex[32..]}-0{flags}";

    /// <summary>As issued before tokens had a purpose: version, flags, expiry, attempt or line, account.</summary>
    private static string FirstVersion(Guid? subject)
    {
        var expires = Now.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        byte[] body =
        [
            1, (byte)(subject is null ? 0 : 1), .. Enumerable.Range(0, 5).Select(i => (byte)(expires >> (8 * (4 - i)))),
            .. subject?.ToByteArray(bigEndian: true) ?? [], .. "default"u8,
        ];
        return Base64Url.EncodeToString(
            [.. body, .. System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Key), body)[..16]]);
    }

    private static CallbackTokens With(string key, string? previous = null, TimeProvider? clock = null) =>
        new(Options.Create(new CallbackTokenOptions { SigningKey = key, SigningKeyPrevious = previous }), clock ?? Now);
}
