# 照片、语音、群聊和其他聊天。

group-found = 店里有：
group-hello = 告诉我想找什么，比如“200元以内的蓝牙耳机”。您个人的事我们私聊。
group-nothing = 没有找到。私聊里我可以再问问您看重什么。
group-private = 打开私聊
inline-open = 在机器人里查看
photo-colors = 从您的照片里我看到的颜色是：{ $colors }。我只看颜色，认不出是什么东西。
photo-look = 我按照片在店里的图片中找了样子相像的，最像的排在最前。
photo-look-beyond = 和您的照片相像的商品不符合您的其他要求，所以我只按文字找。
photo-look-none = 我认得的店内图片中，没有和您的照片足够像的。
photo-unclear = 这张照片里看不清主体是什么颜色，而我只会看颜色。请用文字告诉我想找什么。
photo-what = 告诉我要什么东西，比如“连衣裙”，我就按这个颜色找。
picture-unopened = { $why ->
    [large] 这个图片文件太大了。请直接发照片，或者用文字告诉我想找什么。
    [failed] 这个图片文件刚才没有取到。请再发一次，或者用文字告诉我想找什么。
   *[other] 这个图片文件我打不开。请直接发照片，或者发 JPEG、PNG 格式，也可以用文字告诉我想找什么。
}
voice-heard = 我听到的是：“{ $text }”
