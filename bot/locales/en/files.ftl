# Pictures and files between shoppers and people of the shop.

case-cannot-pass-failed = { $kind ->
    [photo] Your picture could not be fetched just now.
    [document] Your file could not be fetched just now.
   *[other] What you sent could not be fetched just now.
} Please send it once more, or say it in words.
case-cannot-pass-kind = Files of this kind do not reach the shop's people: pictures, PDF, MP4 videos, voice and music do. Please say it in words; they see that you sent one.
case-cannot-pass-large = This is too large to reach the shop's people. Please send a smaller one, or say it in words; they see that you sent one.
console-did-file-opened = opened a file
console-file = File
console-file-gone = The file is gone.
console-file-hidden = hidden: “Show what is masked”, or take the case
console-file-size = { $size } KB
console-file-too-large = A picture may have at most { $most } MB.
console-file-wrong = Only JPEG and PNG pictures can be sent.
console-live-attach = Picture (JPEG or PNG)
console-live-sent-file = { $kind ->
    [audio] sent audio
    [document] sent a file
    [photo] sent a picture
    [video] sent a video
    [voice] sent a voice message
   *[other] sent a file
}
console-refused-no-picture = Only JPEG and PNG pictures can be sent.
staff-shows-picture = { $name } from the shop sends a picture:
